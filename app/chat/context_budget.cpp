#include "app/chat/context_budget.h"

#include <algorithm>

namespace pellucid::app {

int wantedReplyRoom(int contextLength) {
    return std::clamp(contextLength / 8, 16, 512);
}

int longerContext(int promptTokens, int contextLength, int trainedContext) {
    if (contextLength <= 0) return 0;
    for (qint64 length = contextLength; length < trainedContext;) {
        length = std::min<qint64>(length * 2, trainedContext);
        if (length - promptTokens >= wantedReplyRoom(static_cast<int>(length)))
            return static_cast<int>(length);
    }
    return 0;
}

ContextVerdict judgeContext(const Ledger& ledger, const PromptPlan& plan) {
    ContextVerdict verdict;
    verdict.promptTokens = static_cast<int>(ledger.tokens.size());
    verdict.contextLength = ledger.context_length;
    verdict.room = ledger.reply_room;
    verdict.wantedRoom = wantedReplyRoom(ledger.context_length);
    verdict.fits = verdict.room >= verdict.wantedRoom;
    if (verdict.fits) return verdict;

    const int missing = verdict.wantedRoom - verdict.room;
    QVector<int> costs(plan.messageIds.size(), 0);
    for (const Ledger::Entry& entry : ledger.entries)
        if (entry.kind == Ledger::Entry::Kind::message && entry.message_index >= 0 &&
            entry.message_index < costs.size())
            costs[entry.message_index] += entry.tokens;

    const auto* conversation = std::get_if<Conversation>(&plan.request.input);
    if (!conversation) {
        verdict.lastAloneTooLong = true;
        return verdict;
    }
    OverflowChoice oldest{QStringLiteral("oldest"), {}, 0};
    bool enough = false;
    for (qsizetype i = 0; i + 1 < plan.messageIds.size(); ++i) {
        if (plan.messageIds[i].isEmpty()) continue;  // the system prompt stays
        const bool startsExchange = conversation->messages[static_cast<std::size_t>(i)].role == Role::user;
        if (startsExchange && oldest.freedTokens >= missing) {
            enough = true;
            break;
        }
        oldest.leftOut.append(plan.messageIds[i]);
        oldest.freedTokens += costs[i];
    }
    if (enough || oldest.freedTokens >= missing)
        verdict.choices.append(oldest);
    else
        verdict.lastAloneTooLong = true;
    return verdict;
}

}  // namespace pellucid::app
