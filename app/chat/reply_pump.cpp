#include "app/chat/reply_pump.h"

#include <chrono>

#include "app/threads/gui_context.h"

namespace pellucid::app {

ReplyPump::ReplyPump(std::shared_ptr<Reply> reply, std::function<void(ReplyBatch)> deliver, QObject* parent)
    : QObject(parent), reply_(std::move(reply)), deliver_(std::move(deliver)) {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &ReplyPump::drain);
    reply_->on_ready([this, self = GuiContext(this)] { self.post([this] { wake(); }); });
}

ReplyPump::~ReplyPump() {
    disarm();
}

void ReplyPump::disarm() {
    if (!deliver_) return;
    reply_->on_ready({});
    deliver_ = {};
    timer_.stop();
}

void ReplyPump::wake() {
    if (!deliver_ || timer_.isActive()) return;
    const qint64 since = sinceDrain_.isValid() ? sinceDrain_.elapsed() : kFrameMs;
    if (since >= kFrameMs)
        drain();
    else
        timer_.start(static_cast<int>(kFrameMs - since));
}

namespace {

void take(ReplyBatch& batch, ReplyEvent& event) {
    if (auto* progress = std::get_if<PromptProgress>(&event)) {
        batch.progress = *progress;
    } else if (auto* delta = std::get_if<Delta>(&event)) {
        if (batch.pieces.empty() || batch.pieces.back().channel != delta->channel)
            batch.pieces.push_back({delta->channel, {}, {}});
        ReplyBatch::Piece& piece = batch.pieces.back();
        piece.text += QString::fromStdString(delta->text);
        for (const TokenInfo& token : delta->tokens) piece.tokens.push_back(token.id);
    } else {
        batch.finish = std::get<Finish>(std::move(event));
    }
}

}  // namespace

void ReplyPump::drain() {
    if (!deliver_) return;
    sinceDrain_.start();
    ReplyBatch batch;
    for (ReplyEvent& event : reply_->drain()) take(batch, event);
    // May disarm this object, which empties the member.
    const auto deliver = deliver_;
    deliver(std::move(batch));
}

void ReplyPump::settle(int milliseconds) {
    if (!deliver_) return;
    QElapsedTimer waited;
    waited.start();
    ReplyBatch batch;
    while (!batch.finish && waited.elapsed() < milliseconds)
        if (auto event = reply_->next(std::chrono::milliseconds(milliseconds - waited.elapsed())))
            take(batch, *event);
    const auto deliver = deliver_;
    deliver(std::move(batch));
}

}  // namespace pellucid::app

#include "moc_reply_pump.cpp"
