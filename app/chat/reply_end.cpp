#include "app/chat/reply_end.h"

#include "app/base/wording.h"
#include "app/chat/chat_document.h"

namespace pellucid::app {

void endContextFull(Message& message) {
    message.state = MessageState::CutOff;
    message.errorWhat = ChatDocument::tr("The context is full");
    message.errorHint =
        ChatDocument::tr("Open the model with a longer context, or fork from an earlier message.");
}

void endMessage(Message& message, const Finish& finish, const MessageStats& before, bool continued) {
    const Timings& timings = finish.timings;
    MessageStats stats = before;
    stats.promptTokens = timings.prompt_tokens;
    stats.cachedTokens = timings.cached_tokens;
    stats.thoughtTokens += timings.thought_tokens;
    stats.answerTokens += timings.answer_tokens;
    stats.promptSeconds =
        continued && before.promptSeconds > 0 ? before.promptSeconds : timings.prompt_seconds;
    stats.generateSeconds += timings.generate_seconds;
    stats.thoughtSeconds += timings.thought_seconds;
    stats.guessedTokens += timings.drafted_tokens;
    stats.rightTokens += timings.accepted_tokens;
    message.stats = stats;
    message.answeredEarly = message.answeredEarly || finish.answered_early;
    if (message.hasThought) message.thoughtClosed = finish.thought_closed || !message.text.isEmpty();
    switch (finish.reason) {
        case FinishReason::end_of_turn:
        case FinishReason::stop_string:
            message.state = MessageState::Complete;
            break;
        case FinishReason::length:
            message.state = MessageState::CutOff;
            message.errorWhat =
                ChatDocument::tr("Cut off at the limit of %1 tokens").arg(countText(stats.tokens()));
            message.errorHint = ChatDocument::tr("Continue, or raise the limit in the model's settings.");
            break;
        case FinishReason::context_full:
            endContextFull(message);
            break;
        case FinishReason::cancelled:
            message.state = MessageState::Stopped;
            break;
        case FinishReason::failed:
            message.state = MessageState::Failed;
            if (finish.error) {
                message.errorWhat = whatOf(*finish.error);
                message.errorHint = hintOf(*finish.error);
            }
            break;
    }
}

ThoughtState::State thoughtEnd(const Message& message) {
    if (!message.thoughtClosed)
        return message.state == MessageState::Stopped  ? ThoughtState::Stopped
               : message.state == MessageState::Failed ? ThoughtState::Interrupted
                                                       : ThoughtState::CutOff;
    return message.answeredEarly ? ThoughtState::AnsweredEarly : ThoughtState::Done;
}

}  // namespace pellucid::app
