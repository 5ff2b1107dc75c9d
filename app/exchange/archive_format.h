// Conversations as files: our own JSON (nothing lost), Markdown for people, and what other assistants export.
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QString>
#include <vector>

#include "app/store/chat_store.h"

namespace pellucid::app {

/// Everything: the tree, thoughts apart from answers, states, statistics, receipts.
QByteArray toJson(const std::vector<StoredConversation>& conversations);

/// The shown path for reading. Thoughts, if wanted, as quotes under their own heading, never mixed into the
/// answer.
QByteArray toMarkdown(const StoredConversation& conversation, bool withThoughts);

/// Our JSON, a ChatGPT conversations.json, or an LM Studio conversation, found out from the content.
/// unsupported: none of them; corrupt: one of them, but broken (where is said).
Result<std::vector<StoredConversation>> fromExport(const QByteArray& bytes);

// One reader a format; each takes what the JSON document holds.
Result<std::vector<StoredConversation>> readPellucid(const QJsonDocument& document);
Result<std::vector<StoredConversation>> readChatGpt(const QJsonDocument& document);
Result<std::vector<StoredConversation>> readLmStudio(const QJsonDocument& document);

}  // namespace pellucid::app
