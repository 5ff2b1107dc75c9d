// ChatDocument's running reply: what it brings, what a person does to it, how it ends.
#include <QDateTime>
#include <utility>

#include "app/base/wording.h"
#include "app/chat/chat_document.h"
#include "app/chat/reply_end.h"
#include "app/chat/thought_state.h"
#include "app/models/model_controller.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

// ---- while it runs ----

void ChatDocument::receive(ReplyBatch batch) {
    Message* message = streaming();
    if (!message) return;
    if (batch.progress) {
        const PromptProgress& progress = *batch.progress;
        promptProgress_ =
            progress.total_tokens > 0 ? static_cast<double>(progress.done_tokens) / progress.total_tokens : 0;
        emit promptProgressChanged();
        if (state_ == State::ReadingPrompt)
            rows_.setWaiting(streamingId_, tr("Reading the prompt, %1 %").arg(qRound(promptProgress_ * 100)),
                             promptProgress_);
    }
    for (const ReplyBatch::Piece& piece : batch.pieces) {
        contextUsed_ += static_cast<int>(piece.tokens.size());
        if (piece.channel == Delta::Channel::thought) {
            receiveThought(*message, piece);
        } else if (piece.channel == Delta::Channel::answer) {
            if (message->hasThought && !message->thoughtClosed) closeThought(*message, false);
            if (state_ != State::Stopping && state_ != State::Answering) setState(State::Answering);
            const QString text = marks_ ? marks_(piece.text, false) : piece.text;
            message->text += text;
            message->stats.answerTokens += static_cast<int>(piece.tokens.size());
            rows_.growAnswer(streamingId_, message->text);
            env_.store.streamAnswer(streamingId_, text, piece.tokens);
        }
    }
    if (!batch.pieces.empty()) emit contextChanged();
    if (batch.finish) finishReply(*batch.finish);
}

void ChatDocument::receiveThought(Message& message, const ReplyBatch::Piece& piece) {
    if (!message.hasThought || message.thoughtClosed) {
        message.hasThought = true;
        message.thoughtClosed = false;
    }
    if (state_ == State::ReadingPrompt || state_ == State::LoadingModel) {
        setState(State::Thinking);
        emit announced(tr("Thinking"));
    }
    message.thought += piece.text;
    message.stats.thoughtTokens += static_cast<int>(piece.tokens.size());
    rows_.growThought(streamingId_, message.thought, static_cast<int>(piece.tokens.size()));
    if (ThoughtState* thought = rows_.thought(streamingId_)) thought->setBudget(message.thinkingBudget);
    env_.store.streamThought(streamingId_, piece.text, piece.tokens);
}

void ChatDocument::closeThought(Message& message, bool early) {
    message.thoughtClosed = true;
    message.answeredEarly = message.answeredEarly || early;
    if (ThoughtState* thought = rows_.thought(streamingId_))
        thought->setState(message.answeredEarly ? ThoughtState::AnsweredEarly : ThoughtState::Done);
    // The three-way setting folds it a moment after the answer began, unless the person has touched it.
    const QString id = streamingId_;
    QTimer::singleShot(180, this, [this, id] { rows_.settleFold(id); });
}

void ChatDocument::stop() {
    if (!busy() || stopAsked_) return;
    stopAsked_ = true;
    if (pump_) {
        setState(State::Stopping);
        if (!pump_->reply().control(Cancel{})) return;  // it had just ended by itself: Finish is on its way
        return;
    }
    // Still loading the model or counting the prompt: nothing was said yet.
    if (!continuing_) env_.store.beginReply(summary_.id, *streaming());
    Finish finish;
    finish.reason = FinishReason::cancelled;
    finish.thought_closed = !streaming()->hasThought || streaming()->thoughtClosed;
    finishReply(finish);
}

void ChatDocument::answerNow() {
    if (!pump_ || !canAnswerNow()) return;
    const auto done = pump_->reply().control(EndThought{});
    if (!done) {
        emit trouble(whatOf(done.error()), hintOf(done.error()));
        return;
    }
    if (Message* message = streaming()) message->answeredEarly = true;
    if (state_ == State::Paused) resume();
}

void ChatDocument::pause() {
    if (!pump_ || !canPause() || !pump_->reply().control(Pause{})) return;
    if (ThoughtState* thought = rows_.thought(streamingId_); thought && state_ == State::Thinking)
        thought->setState(ThoughtState::Paused);
    steady_ = false;
    setState(State::Paused);
    emit announced(tr("Paused"));
}

void ChatDocument::resume() {
    if (!pump_ || state_ != State::Paused || !pump_->reply().control(Resume{})) return;
    const Message* message = streaming();
    const bool thinking = message && message->hasThought && !message->thoughtClosed;
    if (ThoughtState* thought = rows_.thought(streamingId_); thought && thinking)
        thought->setState(ThoughtState::Thinking);
    setState(thinking ? State::Thinking : State::Answering);
}

// ---- how it ends ----

void ChatDocument::finishReply(const Finish& finish) {
    Message* message = streaming();
    if (!message) return;
    if (const auto marks = std::exchange(marks_, {}); marks && pump_) {
        if (const QString rest = marks({}, true); !rest.isEmpty()) {
            message->text += rest;
            rows_.growAnswer(streamingId_, message->text);
            env_.store.streamAnswer(streamingId_, rest, {});
        }
    }
    endMessage(*message, finish, before_, continuing_);
    env_.models.countReply(finish.timings, steady_ && finish.reason != FinishReason::failed);
    if (ThoughtState* thought = rows_.thought(streamingId_)) {
        thought->setState(thoughtEnd(*message));
        thought->settle(message->stats.thoughtSeconds, message->stats.thoughtTokens);
        rows_.settleFold(streamingId_);
    }
    const bool failed = message->state == MessageState::Failed;
    rows_.finish(*message);
    env_.store.finishReply(*message);
    checkSources(*message);
    summary_.updatedMs = QDateTime::currentMSecsSinceEpoch();
    releaseReply();
    setState(failed ? State::Failed : State::Idle);
    emit summaryChanged();
    emit announced(failed ? tr("The reply failed") : tr("Answer ready"));
    planTimer_.start();
}

void ChatDocument::releaseReply() {
    ++ticket_;
    streamingId_.clear();
    answerAtOnce_ = false;
    marks_ = {};
    promptProgress_ = 0;
    if (!pump_) return;
    // The engine may still be winding down: that waits on its own thread, and a batch may be on the stack
    // here.
    std::shared_ptr<Reply> reply = pump_->share();
    pump_->disarm();
    pump_.release()->deleteLater();
    env_.engineThread.post([reply] {});
}

}  // namespace pellucid::app
