// Replies being written: every token goes to the token journal within milliseconds and to the database at the
// end.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "storage/conversations.h"
#include "storage/storage_thread.h"

namespace pellucid::storage {

class TokenJournal;

/// How a reply ended. The parts are those streamed; only what the stream cannot know is given here.
struct ReplyEnd {
    MessageState state = MessageState::complete;
    bool answered_early = false;
    std::string error;
    Timings timings;
    std::vector<Part> more_parts;  ///< tool calls and citations known only at the end
};

/// One reply on its way. append() never blocks; one thread at a time. What was appended more than about 30 ms
/// ago survives a kill of the process, and more than a second ago the death of the machine. Destroyed without
/// finish(): saved as interrupted.
class ReplyStream {
public:
    ~ReplyStream();
    MessageId message_id() const;
    /// What was appended so far, for a view opened in the middle; empty where it cannot be read. Reads files.
    /// Any thread.
    std::vector<Part> parts() const;

    /// Adds text to the last part if it is of the same kind, else begins a new part.
    /// @param token_ids ids that made the text (may be empty: a text of ours, half a character's bytes)
    /// @param sampler_position counter of the sampler after them; -1: unknown
    void append(PartKind kind, std::string_view text, std::span<const std::int32_t> token_ids = {},
                std::int64_t sampler_position = -1);
    /// Goes back to the first `token_count` ids; `parts` are what those read as.
    void rewind(std::size_t token_count, std::vector<Part> parts);
    /// Saves the reply through the storage thread; the future says when it is committed and durable. After an
    /// error (full disk) everything is still in the journal, or in memory on its way there: call it again, or
    /// leave it to the next start. corrupt: the journal was damaged from outside; what the caller shows is
    /// then the better copy. The counts and seconds of a reply that was resumed are added to those it had.
    std::future<Result<void>> finish(ReplyEnd end);

    struct State;
    explicit ReplyStream(std::shared_ptr<State> state);

private:
    std::shared_ptr<State> state_;
};

/// Begins and continues replies, and brings back those that the last process left unfinished. Outlives its
/// streams.
class ReplyStreams {
public:
    /// Opens the journal beside the database. Replies found in it become `interrupted` with all that was
    /// streamed; a torn or damaged tail is cut off at the last whole record.
    static Result<std::unique_ptr<ReplyStreams>> open(Database& database, Conversations& conversations,
                                                      StorageThread& thread);
    ~ReplyStreams();

    /// A new reply below `parent`, made active. The row is there at once, with state `streaming`.
    Result<std::unique_ptr<ReplyStream>> begin(ConversationId conversation, MessageId parent,
                                               const Receipt& receipt);
    /// Goes on with a reply that was interrupted, stopped or cut off. invalid_argument for any other.
    Result<std::unique_ptr<ReplyStream>> resume(MessageId message);

    /// Replies that open() brought back.
    const std::vector<MessageId>& recovered() const;
    /// Everything appended so far is in the journal file when it returns. For tests and for closing.
    Result<void> flush();
    /// Called from the journal's thread when it cannot write (full disk): the replies stay in memory and are
    /// tried again; called with ok once it works again. Set once, before use.
    void on_trouble(std::function<void(const Result<void>&)> listener);

    struct State;

private:
    explicit ReplyStreams(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace pellucid::storage
