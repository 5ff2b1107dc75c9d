#include "app/chat/thought_state.h"

#include "app/base/wording.h"

namespace pellucid::app {

namespace {

ThoughtState::State stateOf(const Message& message) {
    if (message.thoughtClosed)
        return message.answeredEarly ? ThoughtState::AnsweredEarly : ThoughtState::Done;
    switch (message.state) {
        case MessageState::Streaming:
            return ThoughtState::Thinking;
        case MessageState::Stopped:
            return ThoughtState::Stopped;
        case MessageState::Interrupted:
        case MessageState::Failed:
            return ThoughtState::Interrupted;
        case MessageState::Complete:
        case MessageState::CutOff:
            break;
    }
    return ThoughtState::CutOff;
}

}  // namespace

ThoughtState::ThoughtState(const Message& message, bool openByDefault, std::unique_ptr<BlockParser> parser,
                           QObject* parent)
    : QObject(parent),
      messageId_(message.id),
      state_(stateOf(message)),
      fold_(message.fold),
      openByDefault_(openByDefault),
      tokens_(message.stats.thoughtTokens),
      budget_(message.thinkingBudget),
      settledMs_(qRound64(message.stats.thoughtSeconds * 1000)),
      blocks_(std::move(parser)) {
    blocks_.grow(message.thought);
    if (live())
        running_.start();
    else
        blocks_.finish();
}

bool ThoughtState::open() const {
    return fold_ == ThoughtFold::Automatic ? openByDefault_ : fold_ == ThoughtFold::Open;
}

QString ThoughtState::headline() const {
    switch (state_) {
        case Thinking:
            return tr("Thinking");
        case Paused:
            return tr("Paused");
        case Done:
            return tr("Thought for %1").arg(durationText(settledMs_ / 1000.0));
        case AnsweredEarly:
            return tr("Answered early at %1").arg(clockText(settledMs_));
        case CutOff:
            return tr("Cut off");
        case Stopped:
            return tr("Stopped");
        case Interrupted:
            return tr("Interrupted");
    }
    return {};
}

QString ThoughtState::detail() const {
    return tr("%1 tokens", nullptr, tokens_).arg(countText(tokens_));
}

QString ThoughtState::tokensText() const {
    return budget_ > 0 ? tr("%1 of %2 tokens").arg(countText(tokens_), countText(budget_)) : detail();
}

int ThoughtState::elapsedMs() const {
    return static_cast<int>(settledMs_ + (running_.isValid() ? running_.elapsed() : 0));
}

QString ThoughtState::elapsedText() const {
    return clockText(elapsedMs());
}

void ThoughtState::toggle() {
    fold_ = open() ? ThoughtFold::Closed : ThoughtFold::Open;
    emit openChanged();
    emit foldChosen(fold_);
}

void ThoughtState::grow(const GrowingText& whole, int tokens) {
    blocks_.grow(whole);
    tokens_ += tokens;
    emit tokensChanged();
}

void ThoughtState::resume(const GrowingText& text, std::unique_ptr<BlockParser> parser) {
    blocks_.restart(std::move(parser), text);
    setState(Thinking);
}

void ThoughtState::setState(State state) {
    if (state_ == state) return;
    if (running_.isValid()) {
        settledMs_ += running_.elapsed();
        running_.invalidate();
    }
    const bool wasLive = live();
    state_ = state;
    if (state_ == Thinking) running_.start();
    if (wasLive && !live()) blocks_.finish();
    emit stateChanged();
    emit headlineChanged();
    emit elapsedChanged();
}

void ThoughtState::setBudget(int budget) {
    if (budget_ == budget) return;
    budget_ = budget;
    emit budgetChanged();
    emit tokensChanged();
}

void ThoughtState::setOpenByDefault(bool open) {
    if (openByDefault_ == open) return;
    openByDefault_ = open;
    if (fold_ == ThoughtFold::Automatic) emit openChanged();
}

void ThoughtState::settle(double seconds, int tokens) {
    running_.invalidate();
    if (seconds > 0) settledMs_ = qRound64(seconds * 1000);
    if (tokens > 0) tokens_ = tokens;
    emit headlineChanged();
    emit elapsedChanged();
    emit tokensChanged();
}

void ThoughtState::tick() {
    if (state_ == Thinking) emit elapsedChanged();
}

}  // namespace pellucid::app

#include "moc_thought_state.cpp"
