#include "app/chat/prompt_builder.h"

namespace pellucid::app {

PromptPlan buildPrompt(const ChatTree& tree, const QString& lastId, const PromptOptions& options) {
    std::vector<const Message*> path;
    for (const Message* message = tree.find(lastId); message; message = tree.find(message->parentId))
        path.insert(path.begin(), message);
    PromptPlan plan;
    if (options.completion) {
        std::string text;
        for (const Message* message : path)
            if (!options.leftOut.contains(message->id)) text += message->text.toStdString();
        plan.request.input = std::move(text);
        return plan;
    }
    Conversation conversation;
    if (!options.systemPrompt.trimmed().isEmpty()) {
        conversation.messages.push_back({Role::system, options.systemPrompt.toStdString(), {}, {}, {}});
        plan.messageIds.append(QString());
    }
    for (const Message* message : path) {
        if (options.leftOut.contains(message->id)) continue;
        const bool last = message->id == lastId;
        ChatMessage turn;
        turn.role = message->role == MessageRole::User        ? Role::user
                    : message->role == MessageRole::Assistant ? Role::assistant
                                                              : Role::system;
        turn.content = message->text.toStdString();
        if (turn.role == Role::assistant && (options.keepThoughts || last))
            turn.thought = message->thought.toStdString();
        conversation.messages.push_back(std::move(turn));
        plan.messageIds.append(message->id);
    }
    conversation.continue_last = !path.empty() && path.back()->role == MessageRole::Assistant;
    plan.request.input = std::move(conversation);
    return plan;
}

}  // namespace pellucid::app
