#include "storage/token_journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

using Clock = std::chrono::steady_clock;
/// Tokens are gathered this long before they are written: what a kill can lose, with the thread's own
/// wake-up.
constexpr auto kGather = std::chrono::milliseconds(15);
constexpr auto kSyncEvery = std::chrono::seconds(1);
constexpr auto kRetryEvery = std::chrono::milliseconds(200);

/// The first `size` bytes of a file, or as many as there are.
Result<std::string> read_bytes(int descriptor, std::size_t size, const std::filesystem::path& path) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t part = pread(descriptor, bytes.data() + got, size - got, static_cast<off_t>(got));
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) return fail(error_of_errno(errno, path, "could not read"));
        if (part == 0) break;
        got += static_cast<std::size_t>(part);
    }
    bytes.resize(got);
    return bytes;
}

}  // namespace

struct TokenJournal::File {
    explicit File(int number) : descriptor(number) {}
    ~File() { close(descriptor); }
    int descriptor;
    std::atomic<bool> sync_pending{false};
};

Result<JournalContents> TokenJournal::read(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) return JournalContents{};
        return fail(error_of_errno(errno, path, "could not open"));
    }
    File file(descriptor);
    struct stat info {};
    if (fstat(descriptor, &info) != 0) return fail(error_of_errno(errno, path, "could not read"));
    STORAGE_TRY(const std::string bytes,
                read_bytes(descriptor, static_cast<std::size_t>(info.st_size), path));
    return decode_journal(bytes);
}

Result<std::unique_ptr<TokenJournal>> TokenJournal::open(const std::filesystem::path& path,
                                                         StorageThread& sync_on) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(error_of_errno(errno, path, "could not open"));
    return std::unique_ptr<TokenJournal>(new TokenJournal(path, descriptor, sync_on));
}

TokenJournal::TokenJournal(std::filesystem::path path, int descriptor, StorageThread& sync_on)
    : file_(std::make_shared<File>(descriptor)),
      path_(std::move(path)),
      sync_on_(sync_on),
      thread_([this] { work(); }) {}

TokenJournal::~TokenJournal() {
    {
        std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void TokenJournal::on_trouble(std::function<void(const Result<void>&)> listener) {
    std::lock_guard guard(mutex_);
    listener_ = std::move(listener);
}

void TokenJournal::begin(StreamId stream, MessageId message) {
    {
        std::lock_guard guard(mutex_);
        live_.insert(stream);
        encode_begin(pending_, stream, message);
    }
    wake_.notify_one();
}

void TokenJournal::append(StreamId stream, std::uint32_t sequence, PartKind kind, std::string_view text,
                          std::span<const std::int32_t> ids, std::int64_t sampler_position, double elapsed) {
    {
        std::lock_guard guard(mutex_);
        encode_append(pending_, stream, sequence, kind, text, ids, sampler_position, elapsed);
    }
    wake_.notify_one();
}

void TokenJournal::rewind(StreamId stream, std::uint32_t sequence, std::size_t token_count,
                          const std::vector<Part>& parts) {
    {
        std::lock_guard guard(mutex_);
        encode_rewind(pending_, stream, sequence, token_count, parts);
    }
    wake_.notify_one();
}

void TokenJournal::end(StreamId stream, std::uint32_t sequence) {
    {
        std::lock_guard guard(mutex_);
        live_.erase(stream);
        encode_end(pending_, stream, sequence);
        if (live_.empty()) empty_when_idle_ = true;
    }
    wake_.notify_one();
}

Result<JournalStream> TokenJournal::read_back(StreamId stream, std::uint32_t records) {
    std::size_t in_file = 0;
    std::string on_the_way;
    {
        std::unique_lock lock(mutex_);
        flushed_.wait(lock, [&] { return !writing_; });
        in_file = written_;
        on_the_way = pending_;
    }
    // Unlocked: records are only added behind these, and while the stream lives the file is not emptied.
    STORAGE_TRY(std::string bytes, read_bytes(file_->descriptor, in_file, path_));
    JournalContents contents = decode_journal(bytes + on_the_way);
    const auto found = contents.streams.find(stream);
    if (found == contents.streams.end() || found->second.steps.size() + 1 != records)
        return fail(ErrorCode::corrupt, path_.string() + " was changed while a reply was streaming into it",
                    "Do not open or move the files of the data folder while the program runs.");
    return std::move(found->second);
}

Result<void> TokenJournal::flush() {
    std::unique_lock lock(mutex_);
    hurry_ = true;
    wake_.notify_one();
    flushed_.wait(lock, [&] { return (pending_.empty() && !writing_) || !trouble_.ok(); });
    return trouble_;
}

Result<void> TokenJournal::write_out(const std::string& bytes) {
    // At the end of the last whole record: what a full disk cut short is written over by the next try.
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t size = pwrite(file_->descriptor, bytes.data() + done, bytes.size() - done,
                                    static_cast<off_t>(written_ + done));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return fail(error_of_errno(errno, path_, "could not write"));
        done += static_cast<std::size_t>(size);
    }
    written_ += done;
    return {};
}

void TokenJournal::sync_soon() {
    const auto now = Clock::now();
    if (now < next_sync_ || file_->sync_pending.exchange(true)) return;
    next_sync_ = now + kSyncEvery;
    sync_on_.post([file = file_] {
        fdatasync(file->descriptor);
        file->sync_pending = false;
    });
}

void TokenJournal::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stopping_ || !pending_.empty(); });
        if (pending_.empty() && stopping_) return;
        // Gathered, unless somebody waits. After trouble the tries are further apart.
        wake_.wait_for(lock, trouble_.ok() ? kGather : kRetryEvery, [&] { return stopping_ || hurry_; });
        hurry_ = false;
        std::string bytes;
        bytes.swap(pending_);
        const bool empty_file = empty_when_idle_ && live_.empty();
        if (empty_file) empty_when_idle_ = false;
        writing_ = true;
        lock.unlock();

        Result<void> status;
        if (empty_file) {
            // All that `bytes` could say is in the database already.
            if (ftruncate(file_->descriptor, 0) == 0) written_ = 0;
        } else {
            status = write_out(bytes);
            if (status) sync_soon();
        }

        lock.lock();
        writing_ = false;
        const bool news = status.ok() != trouble_.ok();
        trouble_ = status;
        if (!status) pending_.insert(0, bytes);
        flushed_.notify_all();
        if (news && listener_) {
            auto listener = listener_;
            lock.unlock();
            listener(status);
            lock.lock();
        }
        if (stopping_ && !status) return;  // the disk is full to the end: finish() has the text
    }
}

}  // namespace pellucid::storage
