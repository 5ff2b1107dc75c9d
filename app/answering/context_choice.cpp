#include "app/answering/context_choice.h"

#include <algorithm>

namespace pellucid::answering {

ContextChoice choose_context(const ContextFacts& facts, std::optional<ContextWay> wanted) {
    ContextChoice choice;
    choice.document_tokens = facts.document_tokens;
    choice.room = std::max(0, facts.context_length - facts.other_tokens - facts.reply_tokens);
    if (facts.prompt_speed > 0) choice.seconds = facts.document_tokens / facts.prompt_speed;
    choice.can_be_whole = facts.document_tokens > 0 && facts.document_tokens <= choice.room;
    if (wanted == ContextWay::passages) {
        choice.reason = ContextReason::chosen;
    } else if (!choice.can_be_whole) {
        choice.reason = wanted ? ContextReason::chosen_too_long : ContextReason::too_long;
    } else if (wanted) {
        choice.way = ContextWay::whole;
        choice.reason = ContextReason::chosen;
    } else if (facts.documents > 1) {
        choice.reason = ContextReason::several;
    } else if (choice.seconds > facts.patience_seconds) {
        choice.reason = ContextReason::too_slow;
    } else {
        choice.way = ContextWay::whole;
        choice.reason = ContextReason::fits;
    }
    return choice;
}

std::string explain(const ContextChoice& choice) {
    const std::string tokens = std::to_string(choice.document_tokens) + " tokens";
    const std::string room = "room for " + std::to_string(choice.room);
    switch (choice.reason) {
        case ContextReason::fits:
            return "the whole document is read: " + tokens + ", " + room;
        case ContextReason::too_long:
            return "passages are searched for: the text has " + tokens + ", " + room;
        case ContextReason::too_slow:
            return "passages are searched for: reading all " + tokens + " would take about " +
                   std::to_string(static_cast<int>(choice.seconds + 0.5)) + " s";
        case ContextReason::several:
            return "passages are searched for: several documents (" + tokens + ", " + room + ")";
        case ContextReason::chosen:
            return choice.way == ContextWay::whole ? "the whole document is read, as chosen: " + tokens
                                                   : "passages are searched for, as chosen";
        case ContextReason::chosen_too_long:
            return "passages are searched for: the whole was chosen, but the text has " + tokens +
                   " and there is " + room;
    }
    return {};
}

}  // namespace pellucid::answering
