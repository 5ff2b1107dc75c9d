#include "app/documents/importer.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/digest/sha256.h"
#include "app/documents/folder_scan.h"
#include "app/library/storage_error.h"
#include "engine/text/utf8.h"

namespace pellucid::documents {

using library::from_storage;
using Outcome = FileReport::Outcome;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Digested {
    digest::Hash hash;
    storage::FileStamp stamp;
};

Failure file_failure(const std::string& path, int number) {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return fail(ErrorCode::not_found, path + " is no longer there",
                        "Add it again from where it is now.");
        case EACCES:
        case EPERM:
            return fail(ErrorCode::not_allowed, "no permission to read " + path,
                        "Make the file readable for you and add it again.");
        case ELOOP:
            return fail(ErrorCode::invalid_argument, path + " is a link that leads round in a circle",
                        "Add the file itself.");
        default:
            return fail(ErrorCode::io, "could not read " + path + ": " + std::strerror(number),
                        "Check the disk and add the file again.");
    }
}

Result<Digested> digested(const std::string& path, std::uint64_t most_bytes, const CancelToken& cancel) {
    // Not blocking: a pipe in place of a file would be waited for without end.
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return file_failure(path, errno);
    struct Closed {
        int file;
        ~Closed() { close(file); }
    } const closed{file};
    struct stat info {};
    if (fstat(file, &info) != 0) return file_failure(path, errno);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::unsupported, path + " is no regular file", "Add files and folders.");
    if (static_cast<std::uint64_t>(info.st_size) > most_bytes)
        return fail(
            ErrorCode::too_large,
            path + " is larger than " + std::to_string(most_bytes >> 20) + " MB, which is the most read",
            "Split the file.");
    Digested result;
    result.stamp.bytes = static_cast<std::uint64_t>(info.st_size);
    result.stamp.modified_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
    result.stamp.inode = info.st_ino;
    digest::Sha256 digest;
    std::vector<std::byte> buffer(1 << 20);
    // No further than it was long: a file that grows without end is a changed one.
    for (std::uint64_t left = result.stamp.bytes; left > 0;) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the import was stopped");
        const ssize_t got = read(file, buffer.data(), std::min<std::uint64_t>(left, buffer.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_failure(path, errno);
        if (got == 0) break;
        digest.add(std::span(buffer.data(), static_cast<std::size_t>(got)));
        left -= static_cast<std::uint64_t>(got);
    }
    result.hash = digest.finish();
    return result;
}

/// How a file's name says that it is to be read.
std::string kind_of(const std::string& path) {
    const auto slash = path.rfind('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const auto dot = name.rfind('.');
    return dot == std::string::npos || name.size() - dot > 12 ? std::string() : name.substr(dot + 1);
}

/// For a title where the document has none: its name without the ending, as text.
std::string title_of(const std::string& path) {
    const auto slash = path.rfind('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
    return name;
}

storage::NewContent content_of(reading::Document document, const std::vector<Chunk>& chunks) {
    storage::NewContent content;
    content.facts.mime = std::move(document.mime);
    content.facts.title = std::move(document.title);
    content.facts.author = std::move(document.author);
    content.facts.language = std::move(document.language);
    content.facts.notices = notices_to_json(document.notices);
    for (const reading::Page& page : document.pages)
        content.pages.push_back({{page.range.first, page.range.last},
                                 page.width,
                                 page.height,
                                 page.label,
                                 page.text_layer,
                                 page.recognised,
                                 {}});
    for (const reading::LineBox& line : document.lines)
        content.pages[line.page].boxes.push_back(
            {{line.range.first, line.range.last}, line.x, line.y, line.width, line.height});
    for (const Chunk& chunk : chunks) {
        storage::ChunkRow row;
        row.range = {chunk.range.first, chunk.range.last};
        row.header = {chunk.header.first, chunk.header.last};
        row.page = chunk.page;
        row.last_page = chunk.last_page;
        row.headings = chunk.headings;
        row.kind = static_cast<int>(chunk.kind);
        row.tokens = chunk.tokens;
        content.chunks.push_back(std::move(row));
    }
    content.text = std::move(document.text);
    return content;
}

}  // namespace

std::string notices_to_json(const std::vector<reading::Notice>& notices) {
    auto rows = nlohmann::json::array();
    for (const auto& notice : notices)
        rows.push_back(
            {{"code", static_cast<int>(notice.code)}, {"what", notice.what}, {"pages", notice.pages}});
    return rows.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<reading::Notice> notices_of_json(const std::string& json) {
    std::vector<reading::Notice> notices;
    const auto rows = nlohmann::json::parse(json, nullptr, false);
    if (!rows.is_array()) return notices;
    for (const auto& row : rows) {
        if (!row.is_object() || !row.contains("code") || !row["code"].is_number_integer()) continue;
        const int code = row["code"].get<int>();
        if (code < 0 || code > static_cast<int>(reading::NoticeCode::hidden_dropped)) continue;
        reading::Notice notice;
        notice.code = static_cast<reading::NoticeCode>(code);
        if (const auto what = row.find("what"); what != row.end() && what->is_string())
            notice.what = what->get<std::string>();
        if (const auto pages = row.find("pages"); pages != row.end() && pages->is_array())
            for (const auto& page : *pages)
                if (page.is_number_unsigned()) notice.pages.push_back(page.get<std::uint32_t>());
        notices.push_back(std::move(notice));
    }
    return notices;
}

Importer::Importer(storage::Database& database, reading::Reader& reader, EmbeddingIndex& embeddings,
                   ImporterOptions options, Listener listener)
    : database_(database),
      reader_(reader),
      embeddings_(embeddings),
      options_(std::move(options)),
      listener_(std::move(listener)) {}

Importer::~Importer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        cancel_.cancel();
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Importer::start() {
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void Importer::wake() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        idle_ = false;
    }
    changed_.notify_all();
}

Result<void> Importer::recognise(storage::DocumentId id) {
    {
        const std::lock_guard lock(mutex_);
        recognise_.insert(id);
    }
    PELLUCID_CHECK(from_storage(storage::Documents(database_).requeue(id)));
    wake();
    return {};
}

bool Importer::to_recognise(storage::DocumentId id) const {
    const std::lock_guard lock(mutex_);
    return recognise_.contains(id);
}

void Importer::pause() {
    {
        const std::lock_guard lock(mutex_);
        if (paused_) return;
        paused_ = true;
        cancel_.cancel();  // what is being read waits again
    }
    changed_.notify_all();
}

void Importer::resume() {
    {
        const std::lock_guard lock(mutex_);
        if (!paused_) return;
        paused_ = false;
        if (!stopping_) cancel_ = CancelToken();
        idle_ = false;
    }
    changed_.notify_all();
}

ImportProgress Importer::progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

bool Importer::wait_until_idle(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return idle_; });
}

void Importer::work() {
    if (options_.low_priority) {
        // Of this thread alone, as Linux has it; the sandboxed reader inherits it.
        setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
    }
    while (true) {
        {
            std::unique_lock lock(mutex_);
            if (paused_ && !stopping_) {
                progress_.phase = ImportProgress::Phase::paused;
                changed_.wait(lock, [&] { return stopping_ || !paused_; });
            }
            if (stopping_) return;
            if (woken_) {
                blocked_ = false;
                progress_.problem.reset();
            }
            woken_ = false;
        }
        if (step()) continue;
        show(ImportProgress::Phase::idle);
        std::unique_lock lock(mutex_);
        if (woken_ || stopping_ || paused_) continue;
        idle_ = true;
        progress_.read = progress_.embedded = 0;
        changed_.notify_all();
        changed_.wait(lock, [&] { return stopping_ || paused_ || woken_; });
    }
}

bool Importer::step() {
    if (blocked_) return false;
    storage::Documents documents(database_);
    const auto next = from_storage(documents.next_waiting());
    if (next.ok() && *next) {
        read_one(**next);
        return true;
    }
    if (const auto swept = from_storage(storage::Contents(database_).sweep(8));
        swept.ok() && !swept->empty()) {
        embeddings_.forget(*swept);
        unembedded_ = -1;
        return true;
    }
    return embed_some();
}

void Importer::block(const Error& error) {
    blocked_ = true;
    const std::lock_guard lock(mutex_);
    progress_.note = error.message();
    progress_.problem = error;
}

void Importer::read_one(const storage::DocumentRow& document) {
    show(ImportProgress::Phase::reading, document.path);
    storage::Documents documents(database_);
    const auto start = Clock::now();
    const auto attempt = from_storage(documents.begin(document.id));
    if (!attempt.ok()) {
        // Removed meanwhile is no trouble.
        if (attempt.error().code != ErrorCode::not_found) block(attempt.error());
        return;
    }
    FileReport report = read_document(document, *attempt);
    report.document = document.id;
    report.path = document.path;
    report.seconds = seconds_since(start);
    read_seconds_ += report.seconds;
    read_bytes_ += document.stamp.bytes;
    if (report.outcome == Outcome::indexed) unembedded_ = -1;
    {
        const std::lock_guard lock(mutex_);
        if (cancel_.cancelled()) return;  // stopped: nothing became of it
        ++progress_.read;
        if (report.outcome != Outcome::changed) recognise_.erase(document.id);
    }
    if (listener_.report) listener_.report(report);
    show(ImportProgress::Phase::reading);
}

FileReport Importer::read_document(const storage::DocumentRow& document, int attempt) {
    storage::Documents documents(database_);
    FileReport report;
    storage::FileStamp stamp = document.stamp;
    CancelToken cancel;
    {
        const std::lock_guard lock(mutex_);
        cancel = cancel_;
    }
    const auto failed = [&](const Error& error) {
        report.error = error.what;
        report.hint = error.hint;
        if (error.code == ErrorCode::cancelled) {
            (void)documents.requeue(document.id);
            report.outcome = Outcome::changed;
            return report;
        }
        // What is indexed and only cannot be seen now stays as it is.
        if (document.content != 0 && (error.code == ErrorCode::not_found || error.code == ErrorCode::io)) {
            (void)documents.set_away({document.id}, true);
            report.outcome = Outcome::away;
            return report;
        }
        report.outcome = Outcome::failed;
        const auto said = from_storage(documents.fail(document.id, stamp, error.what, error.hint));
        if (!said.ok() && said.error().code != ErrorCode::not_found) block(said.error());
        return report;
    };
    // The document is not to blame.
    const auto refused = [&](const Error& error) {
        if (error.code == ErrorCode::not_found) return failed(error);  // removed meanwhile
        report.error = error.what;
        report.hint = error.hint;
        report.outcome = Outcome::changed;
        block(error);
        (void)documents.requeue(document.id);
        return report;
    };
    const auto changed = [&] {
        if (attempt >= options_.most_attempts)
            return failed({ErrorCode::busy, document.path + " changed each time while it was read",
                           "Close the program that writes it and add it again."});
        report.outcome = Outcome::changed;
        return report;
    };
    if (attempt > options_.most_attempts)
        return failed({ErrorCode::internal,
                       "reading " + document.path + " was begun " + std::to_string(attempt - 1) +
                           " times and never ended",
                       "Add it again to try once more; please report this with the file."});

    const auto before = digested(document.path, options_.reading.max_file_bytes, cancel);
    if (!before.ok()) return failed(before.error());
    stamp = before->stamp;
    const std::string kind = kind_of(document.path);
    storage::Contents contents(database_);
    const auto same = from_storage(contents.find(before->hash, kind, kChunkerVersion));
    if (!same.ok()) return refused(same.error());
    reading::ReadOptions how = options_.reading;
    if (to_recognise(document.id)) {
        how.recognise = true;
        if (*same)
            if (const auto facts = contents.facts(**same); facts.ok())
                how.time =
                    std::max<std::chrono::milliseconds>(how.time, facts->pages * std::chrono::seconds(30));
    }
    if (*same && how.recognise == options_.reading.recognise) {
        if (const auto kept = from_storage(documents.attach(document.id, stamp, **same)); !kept.ok())
            return refused(kept.error());
        if (const auto facts = contents.facts(**same); facts.ok()) {
            report.pages = facts->pages;
            report.passages = facts->chunks;
            report.notices = notices_of_json(facts->notices);
        }
        report.outcome = Outcome::same;
        return report;
    }

    auto read = reader_.read(document.path, how, cancel);
    if (!read.ok()) return read.error().code == ErrorCode::busy ? changed() : failed(read.error());
    const auto after = look_at(document.path);
    if (!after || after->stamp != stamp) return changed();
    if (const auto checked = reading::check(*read); !checked.ok()) return failed(checked.error());
    if (read->title.empty()) read->title = title_of(document.path);
    if (!is_utf8(read->title)) read->title.clear();

    TokenCounter count = estimated_tokens;
    if (const auto active = embeddings_.active())
        count = [active](std::string_view text) { return active->source->count_tokens(text); };
    const auto chunks = cut(*read, count, options_.chunks);
    if (cancel.cancelled()) return failed({ErrorCode::cancelled, "the import was stopped", ""});
    report.notices = read->notices;
    report.pages = static_cast<int>(read->pages.size());
    report.passages = static_cast<int>(chunks.size());
    auto content = content_of(*std::move(read), chunks);
    content.facts.sha256 = before->hash;
    content.facts.kind = kind;
    content.facts.version = kChunkerVersion;
    if (const auto kept = from_storage(documents.publish(document.id, stamp, content)); !kept.ok())
        return kept.error().code == ErrorCode::invalid_argument ? failed(kept.error())
                                                                : refused(kept.error());
    return report;
}

bool Importer::embed_some() {
    const auto active = embeddings_.active();
    if (!active) {
        const std::lock_guard lock(mutex_);
        progress_.note = "no embedding model is installed: documents are found by words alone";
        progress_.unembedded = 0;
        return false;
    }
    storage::ChunkVectors vectors(database_);
    if (active->model != embedding_model_) {
        embedding_model_ = active->model;
        embedded_to_ = 0;
        unembedded_ = -1;
    }
    if (unembedded_ < 0) {
        const auto count = vectors.pending_count(active->model);
        if (!count.ok()) return false;
        unembedded_ = *count;
        embedded_to_ = 0;
    }
    CancelToken cancel;
    {
        const std::lock_guard lock(mutex_);
        progress_.note.clear();
        cancel = cancel_;
    }
    if (unembedded_ == 0) return false;
    show(ImportProgress::Phase::embedding);
    const auto start = Clock::now();
    const auto pending = vectors.pending(active->model, embedded_to_, options_.embed_at_once);
    if (!pending.ok()) return false;
    if (pending->empty()) {
        unembedded_ = 0;
        return false;
    }
    const auto done = [&](Error error) {
        // Said once, and not tried again before somebody wakes us.
        if (error.code != ErrorCode::cancelled) {
            const std::lock_guard lock(mutex_);
            progress_.note = error.message();
            progress_.problem = error;
        }
        return error.code == ErrorCode::cancelled;
    };
    const auto texts = storage::Contents(database_).chunk_texts(*pending);
    if (!texts.ok()) return done(library::from_storage(texts.error()));
    std::vector<std::string> asked;
    for (const auto& text : *texts)
        asked.push_back(text.headings.empty() ? text.text : text.headings + "\n" + text.text);
    const auto made = active->source->embed(asked, EmbeddingRole::passage, cancel);
    if (!made.ok()) return done(made.error());
    std::vector<storage::ChunkVector> kept;
    for (std::size_t i = 0; i < made->size() && i < pending->size(); ++i)
        kept.push_back(quantised((*pending)[i].id, (*pending)[i].content, (*made)[i]));
    if (const auto stored = embeddings_.keep(*active, kept); !stored.ok()) return done(stored.error());
    embedded_to_ = pending->back().id;
    unembedded_ = std::max<std::int64_t>(0, unembedded_ - static_cast<std::int64_t>(kept.size()));
    embedded_ += static_cast<std::int64_t>(kept.size());
    embed_seconds_ += seconds_since(start);
    {
        const std::lock_guard lock(mutex_);
        progress_.embedded += static_cast<std::int64_t>(kept.size());
    }
    show(ImportProgress::Phase::embedding);
    return true;
}

void Importer::show(ImportProgress::Phase phase, const std::string& path) {
    const auto counts = storage::Documents(database_).counts();
    ImportProgress now;
    {
        const std::lock_guard lock(mutex_);
        progress_.phase = phase;
        progress_.path = path;
        if (counts.ok()) progress_.waiting = counts->waiting;
        progress_.unembedded = std::max<std::int64_t>(0, unembedded_);
        progress_.seconds_left.reset();
        double left = 0;
        bool known = phase != ImportProgress::Phase::idle;
        if (counts.ok() && counts->waiting > 0) {
            known = known && read_bytes_ > 0;
            if (read_bytes_ > 0)
                left += static_cast<double>(counts->waiting_bytes) * read_seconds_ /
                        static_cast<double>(read_bytes_);
        }
        if (unembedded_ > 0) {
            known = known && embedded_ > 0;
            if (embedded_ > 0)
                left += static_cast<double>(unembedded_) * embed_seconds_ / static_cast<double>(embedded_);
        }
        if (known) progress_.seconds_left = left;
        now = progress_;
    }
    if (listener_.progress) listener_.progress(now);
}

}  // namespace pellucid::documents
