// Between the app's messages and storage's.
#pragma once

#include "app/chat/message.h"
#include "storage/conversations.h"

namespace pellucid::app {

/// Ids are not filled in.
Message fromRow(const storage::Message& row);
storage::NewMessage toRow(const Message& message);
storage::MessageState toRow(MessageState state);
/// The part that keeps what an answer stands on.
storage::Part sourcesPart(const AnswerSources& sources);
storage::Receipt receiptOf(const Message& message);
storage::Timings timingsOf(const MessageStats& stats);
/// Seconds and counts of `all` beyond those of `before`.
storage::Timings difference(const storage::Timings& all, const storage::Timings& before);
/// what and hint in one stored text, and back.
std::string errorText(const Message& message);

/// A thought's part keeps the person's choice of fold in its name.
ThoughtFold foldOf(const std::string& partName);
std::string foldName(ThoughtFold fold);

}  // namespace pellucid::app
