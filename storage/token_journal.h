// The append-only file beside the database that every streamed token reaches within milliseconds.
//
// A file of its own and not a table: an import or a purge may hold the database's writer for seconds, and a
// stream must not wait for it. It is emptied whenever no reply is streaming.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "storage/journal_record.h"
#include "storage/storage_thread.h"

namespace pellucid::storage {

/// Thread safe; nothing here waits for the disk but flush() and read().
class TokenJournal {
public:
    /// What the last process left. An absent file is empty.
    static Result<JournalContents> read(const std::filesystem::path& path);
    /// Empties the file (PRECONDITION: what read() found is saved) and starts the writing thread.
    /// @param sync_on runs the once-a-second wait for the disk, so that writing goes on meanwhile
    static Result<std::unique_ptr<TokenJournal>> open(const std::filesystem::path& path,
                                                      StorageThread& sync_on);
    ~TokenJournal();

    void begin(StreamId stream, MessageId message);
    void append(StreamId stream, std::uint32_t sequence, PartKind kind, std::string_view text,
                std::span<const std::int32_t> ids, std::int64_t sampler_position, double elapsed);
    void rewind(StreamId stream, std::uint32_t sequence, std::size_t token_count,
                const std::vector<Part>& parts);
    /// The reply is durable in the database.
    void end(StreamId stream, std::uint32_t sequence);
    /// All that was given of a stream that has not ended: what is in the file and what is on its way there.
    /// The only copy there is, so anything less than `records` records (begin included) is an error: corrupt.
    Result<JournalStream> read_back(StreamId stream, std::uint32_t records);
    /// Everything given so far is in the file; the last trouble where it is not.
    Result<void> flush();
    void on_trouble(std::function<void(const Result<void>&)> listener);

private:
    TokenJournal(std::filesystem::path path, int descriptor, StorageThread& sync_on);
    void work();
    Result<void> write_out(const std::string& bytes);
    void sync_soon();

    struct File;  // closed when neither the journal nor a pending sync needs it
    std::shared_ptr<File> file_;
    std::filesystem::path path_;
    StorageThread& sync_on_;
    std::size_t written_ = 0;  // bytes of whole records in the file; the writing thread's own while writing_
    std::chrono::steady_clock::time_point next_sync_{};

    std::mutex mutex_;
    std::condition_variable wake_, flushed_;
    std::string pending_;
    std::set<StreamId> live_;
    bool writing_ = false, hurry_ = false, stopping_ = false, empty_when_idle_ = false;
    Result<void> trouble_;
    std::function<void(const Result<void>&)> listener_;
    std::thread thread_;
};

}  // namespace pellucid::storage
