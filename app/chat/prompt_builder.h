// From a conversation's shown path to what the engine is asked.
#pragma once

#include <QSet>
#include <QStringList>

#include "app/chat/chat_tree.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

struct PromptPlan {
    Request request;
    /// Id of the message behind each entry of Conversation::messages; empty for the system prompt.
    QStringList messageIds;
};

struct PromptOptions {
    QString systemPrompt;
    bool keepThoughts = false;  ///< earlier thoughts are given to the template
    bool completion = false;    ///< no chat template: the path's text, continued as it stands
    QSet<QString> leftOut;      ///< messages that are not sent
};

/// The path down to and including `lastId`. When that is an answer, the reply goes on inside it.
PromptPlan buildPrompt(const ChatTree& tree, const QString& lastId, const PromptOptions& options);

}  // namespace pellucid::app
