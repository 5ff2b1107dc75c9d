#include "storage/reply_stream.h"

#include <atomic>
#include <chrono>
#include <random>

#include "storage/message_rows.h"
#include "storage/search_index.h"
#include "storage/token_journal.h"

namespace pellucid::storage {
namespace {

using Clock = std::chrono::steady_clock;

std::filesystem::path journal_path(const Database& database) {
    auto path = database.path();
    path += ".tokens";
    return path;
}

/// Timings of a reply whose end nobody saw: what can be counted.
Timings counted(const StreamContent& content) {
    Timings timings;
    timings.thought_tokens = content.tokens_of(PartKind::thought);
    timings.answer_tokens = content.tokens_of(PartKind::answer);
    for (const auto& part : content.parts) {
        timings.generate_seconds += part.seconds;
        if (part.kind == PartKind::thought) timings.thought_seconds += part.seconds;
    }
    return timings;
}

Timings sum(const Timings& before, Timings now) {
    now.thought_tokens += before.thought_tokens;
    now.answer_tokens += before.answer_tokens;
    now.generate_seconds += before.generate_seconds;
    now.thought_seconds += before.thought_seconds;
    now.drafted_tokens += before.drafted_tokens;
    now.accepted_tokens += before.accepted_tokens;
    if (before.first_token_seconds > 0) now.first_token_seconds = before.first_token_seconds;
    return now;
}

NewMessage as_message(const Message& row, const StreamContent& content) {
    NewMessage message;
    message.role = row.role;
    message.parts = content.parts;
    message.receipt = row.receipt;
    message.timings = counted(content);
    message.sampler = content.sampler;
    return message;
}

StreamContent content_of(Connection& connection, MessageId id) {
    StreamContent content;
    content.parts = read_parts(connection, id);
    if (auto point = read_sampler(connection, id)) content.sampler = *std::move(point);
    return content;
}

/// Finds the replies that were streaming when the process died and saves what the journal has of them.
std::vector<MessageId> bring_back(Connection& connection, const JournalContents& journal, Millis now) {
    std::vector<std::pair<MessageId, StreamId>> unfinished;
    {
        auto query = connection.query("SELECT id, stream_id FROM messages WHERE state = 1 ORDER BY id");
        while (query.step()) unfinished.emplace_back(query.integer(0), query.integer(1));
    }
    std::vector<MessageId> recovered;
    for (const auto& [id, stream] : unfinished) {
        StreamContent content = content_of(connection, id);
        if (const auto found = journal.streams.find(stream);
            found != journal.streams.end() && found->second.message == id)
            found->second.replay(content);
        NewMessage message = as_message(read_message(connection, id), content);
        message.state = MessageState::interrupted;
        replace_message(connection, id, message, now);
        recovered.push_back(id);
    }
    return recovered;
}

/// Text in the journal whose message is not in the database (an older backup was put back), or damage inside
/// the file: nothing is thrown away, the file is kept under another name.
bool worth_keeping(Connection& connection, const JournalContents& journal) {
    if (journal.damaged_inside) return true;
    for (const auto& [id, stream] : journal.streams) {
        if (stream.ended || !stream.has_text()) continue;
        auto query = connection.query("SELECT 1 FROM messages WHERE id = ?1 AND stream_id = ?2");
        query.bind(stream.message, id);
        if (!query.step()) return true;
    }
    return false;
}

}  // namespace

struct ReplyStreams::State {
    State(Database& d, Conversations& c, StorageThread& t) : database(d), conversations(c), thread(t) {}
    Database& database;
    Conversations& conversations;
    StorageThread& thread;
    std::unique_ptr<TokenJournal> journal;
    std::vector<MessageId> recovered;
    std::mutex random_mutex;
    std::mt19937_64 random{std::random_device{}() ^ (std::uint64_t{std::random_device{}()} << 32)};

    StreamId new_stream_id() {
        std::lock_guard guard(random_mutex);
        return static_cast<StreamId>(random() >> 1) | 1;
    }
};

struct ReplyStream::State {
    std::shared_ptr<ReplyStreams::State> owner;
    MessageId message = 0;
    StreamId stream = 0;
    Clock::time_point began = Clock::now();
    std::optional<Receipt> receipt;
    Timings before;  // of the earlier runs of a reply that was resumed

    // What was streamed is in the journal and nowhere else: a long reply costs no memory here.
    std::mutex mutex;
    std::uint32_t sequence = 1;  // 0 was the begin record
    std::atomic<bool> saved{false};
    std::atomic<bool> saving{false};

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - began).count(); }
    Result<JournalStream> streamed() {
        std::uint32_t records = 0;
        {
            std::lock_guard guard(mutex);
            records = sequence;
        }
        return owner->journal->read_back(stream, records);
    }
};

// ---- one reply ----

ReplyStream::ReplyStream(std::shared_ptr<State> state) : state_(std::move(state)) {}

ReplyStream::~ReplyStream() {
    if (!state_->saved && !state_->saving) finish({.state = MessageState::interrupted});
}

MessageId ReplyStream::message_id() const {
    return state_->message;
}

std::vector<Part> ReplyStream::parts() const {
    const auto streamed = state_->streamed();
    if (!streamed) return {};
    StreamContent content;
    const auto read = reading(state_->owner->database, [&](Connection& connection) {
        content = content_of(connection, state_->message);
    });
    if (!read) return {};
    streamed->replay(content);
    return content.parts;
}

void ReplyStream::append(PartKind kind, std::string_view text, std::span<const std::int32_t> token_ids,
                         std::int64_t sampler_position) {
    const double elapsed = state_->elapsed();
    std::lock_guard guard(state_->mutex);
    state_->owner->journal->append(state_->stream, state_->sequence++, kind, text, token_ids,
                                   sampler_position, elapsed);
}

void ReplyStream::rewind(std::size_t token_count, std::vector<Part> parts) {
    std::lock_guard guard(state_->mutex);
    state_->owner->journal->rewind(state_->stream, state_->sequence++, token_count, parts);
}

std::future<Result<void>> ReplyStream::finish(ReplyEnd end) {
    state_->saving = true;
    return state_->owner->thread.run([state = state_, end = std::move(end)]() -> Result<void> {
        if (state->saved) return {};
        auto& owner = *state->owner;
        const auto streamed = state->streamed();
        if (!streamed) {
            state->saving = false;
            return streamed.failure();
        }
        NewMessage message;
        message.role = Role::assistant;
        message.state = end.state == MessageState::streaming ? MessageState::interrupted : end.state;
        message.answered_early = end.answered_early;
        message.error = end.error;
        message.receipt = state->receipt;
        ConversationId conversation = 0;
        auto status = writing_durably(owner.database, [&](Connection& connection) {
            // Deleted for good while it was streaming: there is nothing to save into.
            auto query =
                connection.query("SELECT conversation_id FROM messages WHERE id = ?1 AND stream_id = ?2");
            query.bind(state->message, state->stream);
            conversation = query.first();
            query.reset();
            if (conversation == 0) return;
            // A reply that was resumed begins with what its row has.
            StreamContent content = content_of(connection, state->message);
            streamed->replay(content);
            message.timings = end.timings == Timings{} ? counted(content) : sum(state->before, end.timings);
            message.parts = std::move(content.parts);
            message.sampler = std::move(content.sampler);
            message.parts.insert(message.parts.end(), end.more_parts.begin(), end.more_parts.end());
            replace_message(connection, state->message, message, owner.database.now());
        });
        if (!status) {
            state->saving = false;
            return status;
        }
        // Only now: what the journal has is in the database and on the disk.
        state->saved = true;
        owner.journal->end(state->stream, state->sequence);
        if (conversation != 0) owner.conversations.notify(conversation);
        return {};
    });
}

// ---- all replies ----

ReplyStreams::ReplyStreams(std::shared_ptr<State> state) : state_(std::move(state)) {}
ReplyStreams::~ReplyStreams() {
    // Streams that were given up are still being saved.
    (void)state_->thread.flush();
}

Result<std::unique_ptr<ReplyStreams>> ReplyStreams::open(Database& database, Conversations& conversations,
                                                         StorageThread& thread) {
    auto state = std::make_shared<State>(database, conversations, thread);
    // Whoever may only look leaves the journal to the copy that writes; begin() and resume() are refused.
    if (database.read_only()) return std::unique_ptr<ReplyStreams>(new ReplyStreams(std::move(state)));
    const auto path = journal_path(database);
    STORAGE_TRY(const JournalContents found, TokenJournal::read(path));
    bool keep = false, unfinished = !found.streams.empty() || found.damaged_bytes > 0;
    if (!unfinished) {
        STORAGE_TRY(unfinished, reading(database, [](Connection& connection) {
                        auto query = connection.query("SELECT 1 FROM messages WHERE state = 1 LIMIT 1");
                        return query.step();
                    }));
    }
    if (unfinished)
        STORAGE_CHECK(writing_durably(database, [&](Connection& connection) {
            keep = worth_keeping(connection, found);
            state->recovered = bring_back(connection, found, database.now());
        }));
    if (keep) {
        auto aside = path;
        aside += ".kept-" + std::to_string(database.now());
        std::error_code trouble;
        std::filesystem::rename(path, aside, trouble);
        if (trouble) return fail(error_of_errno(trouble.value(), path, "could not rename"));
    }
    STORAGE_TRY(state->journal, TokenJournal::open(path, thread));
    return std::unique_ptr<ReplyStreams>(new ReplyStreams(std::move(state)));
}

Result<std::unique_ptr<ReplyStream>> ReplyStreams::begin(ConversationId conversation, MessageId parent,
                                                         const Receipt& receipt) {
    auto stream = std::make_shared<ReplyStream::State>();
    stream->owner = state_;
    stream->stream = state_->new_stream_id();
    stream->receipt = receipt;
    STORAGE_TRY(stream->message, writing(state_->database, [&](Connection& connection) {
                    NewMessage message;
                    message.role = Role::assistant;
                    message.state = MessageState::streaming;
                    message.receipt = receipt;
                    return insert_message(connection, conversation, parent, message, state_->database.now(),
                                          stream->stream);
                }));
    state_->journal->begin(stream->stream, stream->message);
    state_->conversations.notify(conversation);
    return std::make_unique<ReplyStream>(std::move(stream));
}

Result<std::unique_ptr<ReplyStream>> ReplyStreams::resume(MessageId id) {
    auto stream = std::make_shared<ReplyStream::State>();
    stream->owner = state_;
    stream->stream = state_->new_stream_id();
    stream->message = id;
    ConversationId conversation = 0;
    STORAGE_CHECK(writing(state_->database, [&](Connection& connection) {
        const Message row = read_message(connection, id);
        if (!row.can_continue())
            refuse(ErrorCode::invalid_argument,
                   "Message " + std::to_string(id) + " is not one that can be continued",
                   "Regenerate it instead.");
        conversation = row.conversation_id;
        stream->receipt = row.receipt;
        if (row.timings) stream->before = *row.timings;
        // Out of the search index while it streams, as every streaming message.
        SearchIndex(connection).remove_message(id);
        connection.query("UPDATE messages SET state = ?2, stream_id = ?3 WHERE id = ?1")
            .bind(id, MessageState::streaming, stream->stream)
            .run();
    }));
    stream->began = Clock::now();
    state_->journal->begin(stream->stream, id);
    state_->conversations.notify(conversation);
    return std::make_unique<ReplyStream>(std::move(stream));
}

const std::vector<MessageId>& ReplyStreams::recovered() const {
    return state_->recovered;
}
Result<void> ReplyStreams::flush() {
    return state_->journal ? state_->journal->flush() : Result<void>();
}
void ReplyStreams::on_trouble(std::function<void(const Result<void>&)> listener) {
    if (state_->journal) state_->journal->on_trouble(std::move(listener));
}

}  // namespace pellucid::storage
