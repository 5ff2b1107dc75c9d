#include "app/download/file_job.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace pellucid::download {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 40;
constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 18;

std::string room(std::uint64_t bytes) {
    char text[40];
    std::snprintf(text, sizeof text, "%.2f GB", static_cast<double>(bytes) / 1e9);
    return text;
}

}  // namespace

Trouble trouble_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::no_space:
            return {Reason::no_space, error.what};
        case ErrorCode::read_only:
            return {Reason::read_only, error.what};
        case ErrorCode::not_found:
            return {Reason::folder_gone, error.what};
        case ErrorCode::busy:
            return {Reason::in_use, error.what};
        default:
            return {Reason::disk_error, error.what};
    }
}

#define TROUBLE(expression)                                                         \
    do {                                                                            \
        if (auto status = (expression); !status) return trouble_of(status.error()); \
    } while (false)

FileJob::FileJob(Environment& environment, StoredFile& stored, const std::filesystem::path& folder,
                 std::function<void()> changed)
    : env_(environment), stored_(stored), path_(folder / stored.spec.name), changed_(std::move(changed)) {
    if (stored_.complete) phase_ = Phase::complete;
    if (stored_.complete && stored_.spec.bytes) checked_bytes_ = *stored_.spec.bytes;
}

FileJob::~FileJob() {
    *stop_ = true;
}

std::filesystem::path FileJob::part(bool second) const {
    std::filesystem::path part = path_;
    part += second ? ".part2" : ".part";
    return part;
}

std::optional<Trouble> FileJob::save() const {
    StoredFile known = stored_;
    if (size_doubtful()) known.spec.bytes.reset();
    TROUBLE(env_.store.update_file(known));
    return {};
}

void FileJob::choose_block_bytes(std::uint64_t bytes) {
    if (stored_.spec.blocks.known()) {
        stored_.block_bytes = stored_.spec.blocks.block_bytes;
        return;
    }
    if (stored_.block_bytes == 0) stored_.block_bytes = env_.tuning.block_bytes;
    while (bytes / stored_.block_bytes > kMostBlocks) stored_.block_bytes *= 2;
}

std::optional<Trouble> FileJob::open_part(bool make) {
    // The worker may not have let go of it yet; it is told to and does within a moment.
    auto opened = env_.disk.open(part(second_), make);
    for (int tries = 0; tries < 40 && !opened && opened.error().code == ErrorCode::busy; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        opened = env_.disk.open(part(second_), make);
    }
    if (!opened) return trouble_of(opened.error());
    file_ = *std::move(opened);
    return {};
}

std::optional<Trouble> FileJob::make_room() {
    auto size = file_->size();
    if (!size) return trouble_of(size.error());
    if (auto reserved = file_->reserve(*stored_.spec.bytes); !reserved) {
        if (reserved.error().code != ErrorCode::no_space) return trouble_of(reserved.error());
        std::string detail = room(*stored_.spec.bytes) + " are needed";
        if (const auto free = env_.disk.free_bytes(path_.parent_path()))
            detail += ", " + room(*free) + " are free";
        return Trouble{Reason::no_space, detail};
    }
    return {};
}

std::optional<Trouble> FileJob::open() {
    if (phase_ == Phase::complete || phase_ == Phase::filling || phase_ == Phase::digesting) return {};
    trouble_.reset();
    TROUBLE(env_.disk.make_folder(path_.parent_path()));
    const auto second = env_.disk.size_of(part(true));
    if (!second) return trouble_of(second.error());
    second_ = second->has_value();
    const auto there = env_.disk.size_of(part(second_));
    if (!there) return trouble_of(there.error());
    const auto placed = env_.disk.size_of(path_);
    if (!placed) return trouble_of(placed.error());
    if (*placed && !*there) {
        if (!stored_.spec.repair) return adopt(**placed);
        TROUBLE(env_.disk.rename(path_, part(false)));
        // What the file should hold, block by block, is what it is compared with.
        const auto& known = stored_.spec.blocks;
        std::vector<StoredBlock> blocks;
        for (std::uint64_t i = 0; i < known.blocks.size(); ++i) blocks.emplace_back(i, known.blocks[i]);
        TROUBLE(env_.store.add_blocks(stored_.id, blocks));
        loaded_ = false;
    } else if (*placed) {
        return Trouble{Reason::name_taken, path_.string()};
    } else if (!*there) {
        TROUBLE(env_.store.remove_all_blocks(stored_.id));
        loaded_ = false;
    } else if (loaded_ && stored_.spec.bytes && **there != *stored_.spec.bytes) {
        loaded_ = false;  // somebody else was at it
    }
    if (auto trouble = open_part(true)) return trouble;
    phase_ = Phase::filling;
    if (size_known()) {
        if (auto trouble = make_room()) {
            close();
            return trouble;
        }
        if (!loaded_)
            if (auto trouble = load_blocks()) {
                close();
                return trouble;
            }
    }
    advance();
    return {};
}

std::optional<Trouble> FileJob::adopt(std::uint64_t bytes) {
    // A file of that name is in its place already: perhaps the very one.
    if (stored_.spec.bytes && *stored_.spec.bytes != bytes)
        return Trouble{Reason::name_taken, path_.string() + " has " + std::to_string(bytes) + " bytes"};
    auto opened = env_.disk.open(path_, false);
    if (!opened) return trouble_of(opened.error());
    file_ = *std::move(opened);
    stored_.spec.bytes = bytes;
    choose_block_bytes(bytes);
    if (stored_.spec.sha256.empty()) {
        // Without a digest only the blocks of this very download can tell.
        if (auto trouble = load_blocks()) return trouble;
        if (!table_.whole()) {
            file_.reset();
            return Trouble{Reason::name_taken, path_.string()};
        }
    } else {
        table_ = BlockTable(bytes, stored_.block_bytes);
        for (std::uint64_t block = 0; block < table_.count(); ++block) table_.set_here(block, {});
        trusted_.assign(table_.count(), true);
        restart_digest();
    }
    adopting_ = true;
    phase_ = Phase::digesting;
    advance();
    return {};
}

std::optional<Trouble> FileJob::load_blocks() {
    choose_block_bytes(*stored_.spec.bytes);
    table_ = BlockTable(*stored_.spec.bytes, stored_.block_bytes);
    trusted_.assign(table_.count(), false);
    auto known = env_.store.blocks(stored_.id);
    if (!known) return trouble_of(known.error());
    for (const auto& [block, hash] : *known)
        if (block < table_.count()) table_.set_here(block, hash);
    restart_digest();
    loaded_ = true;
    return {};
}

std::optional<Trouble> FileJob::set_size(std::uint64_t bytes) {
    if (bytes > kMostBytes)
        return Trouble{Reason::wrong_size, "no model has " + std::to_string(bytes) + " bytes"};
    stored_.spec.bytes = bytes;
    choose_block_bytes(bytes);
    auto trouble = make_room();
    stored_.size_told = true;
    if (!trouble) trouble = load_blocks();
    if (!trouble) trouble = save();
    if (trouble) {
        stored_.spec.bytes.reset();
        stored_.size_told = false;
        return trouble;
    }
    advance();
    return {};
}

std::optional<Trouble> FileJob::forget_size() {
    if (auto trouble = start_over()) return trouble;
    stored_.spec.bytes.reset();
    stored_.etags.assign(stored_.etags.size(), "");
    stored_.size_told = false;
    return {};
}

void FileJob::close() {
    stop_working();
    file_.reset();
    if (phase_ != Phase::complete) phase_ = Phase::closed;
    adopting_ = false;
}

void FileJob::remove_partial() {
    close();
    (void)env_.disk.remove(part(false));
    (void)env_.disk.remove(part(true));
}

std::optional<Trouble> FileJob::start_over() {
    close();
    TROUBLE(env_.disk.remove(part(false)));
    TROUBLE(env_.disk.remove(part(true)));
    TROUBLE(env_.store.remove_all_blocks(stored_.id));
    second_ = loaded_ = looked_at_all_ = false;
    table_ = {};
    checked_bytes_ = 0;
    trouble_.reset();
    return {};
}

std::optional<Trouble> FileJob::write(std::uint64_t at, std::span<const std::byte> bytes) {
    TROUBLE(file_->write(at, bytes));
    return {};
}

bool FileJob::block_written(std::uint64_t block, const digest::Hash& hash, std::optional<Trouble>& trouble) {
    const auto& published = stored_.spec.blocks;
    if (published.known() && block < published.blocks.size() && published.blocks[block] != hash) {
        table_.set_missing(block);
        return false;
    }
    if (auto saved = env_.store.add_blocks(stored_.id, {{block, hash}}); !saved) {
        table_.set_missing(block);
        trouble = trouble_of(saved.error());
        return true;
    }
    const bool stands_now = size_doubtful();
    table_.set_here(block, hash);
    trusted_[block] = true;
    if (stands_now) trouble = save();
    advance();
    return true;
}

std::optional<Trouble> FileJob::stream_ended(std::uint64_t bytes, const std::vector<digest::Hash>& blocks) {
    TROUBLE(file_->cut(bytes));
    if (auto trouble = set_size(bytes)) return trouble;
    if (table_.count() != blocks.size())
        return {};  // blocks became larger for so long a file: it is read again
    std::vector<StoredBlock> rows;
    for (std::uint64_t i = 0; i < blocks.size(); ++i) rows.emplace_back(i, blocks[i]);
    TROUBLE(env_.store.add_blocks(stored_.id, rows));
    for (std::uint64_t i = 0; i < blocks.size(); ++i) {
        table_.set_here(i, blocks[i]);
        trusted_[i] = true;
    }
    advance();
    return {};
}

void FileJob::stop_working() {
    ++generation_;
    working_ = false;
    *stop_ = true;
    stop_ = std::make_shared<std::atomic<bool>>(false);
}

void FileJob::restart_digest() {
    stop_working();
    digest_ = {};
    frontier_ = checked_bytes_ = 0;
}

/// Some blocks from the frontier on, for the worker.
struct FileJob::Batch {
    struct Task {
        std::uint64_t block, first, size;
        std::optional<digest::Hash> must_be;
    };
    std::vector<Task> tasks;
    std::shared_ptr<DiskFile> file;
    std::shared_ptr<std::atomic<bool>> stop;
    digest::Sha256 digest;
    std::uint64_t done = 0, bytes = 0;  // tasks, and their bytes
    bool damaged = false;               // the task after the done ones
    std::optional<Error> error;

    void run() {
        std::vector<std::byte> buffer(1 << 20);
        for (const Task& task : tasks) {
            digest::Sha256 own, before = digest;
            for (std::uint64_t at = 0; at < task.size; at += buffer.size()) {
                if (*stop) return;
                const auto span =
                    std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), task.size - at));
                if (auto got = file->read(task.first + at, span); !got) {
                    error = got.error();
                    digest = before;
                    return;
                }
                digest.add(span);
                if (task.must_be) own.add(span);
            }
            if (task.must_be && own.finish() != *task.must_be) {
                digest = before;
                damaged = true;
                return;
            }
            ++done;
            bytes += task.size;
        }
    }
};

void FileJob::advance() {
    if (working_ || !file_ || !size_known() || phase_ == Phase::complete || trouble_) return;
    if (table_.whole() && phase_ == Phase::filling) {
        phase_ = Phase::digesting;
        changed_();
    }
    if (frontier_ == table_.count()) {
        if (table_.whole()) digested();
        return;
    }
    auto batch = std::make_shared<Batch>();
    std::uint64_t bytes = 0;
    for (std::uint64_t block = frontier_;
         block < table_.count() && table_.state(block) == BlockTable::Block::here; ++block) {
        if (bytes >= (std::uint64_t{32} << 20)) break;
        batch->tasks.push_back({block, table_.first(block), table_.size(block),
                                trusted_[block] ? std::optional<digest::Hash>() : table_.hash(block)});
        bytes += table_.size(block);
    }
    if (batch->tasks.empty()) return;
    batch->file = file_;
    batch->stop = stop_;
    batch->digest = digest_;
    working_ = true;
    env_.work([this, batch, generation = generation_, alive = std::weak_ptr(alive_), home = env_.home] {
        batch->run();
        batch->file.reset();
        home([this, batch, generation, alive] {
            if (alive.lock()) advanced(generation, *batch);
        });
    });
}

void FileJob::advanced(std::uint64_t generation, Batch& batch) {
    if (generation != generation_) return;
    working_ = false;
    digest_ = std::move(batch.digest);
    frontier_ += batch.done;
    checked_bytes_ += batch.bytes;
    if (batch.error) return give_up(trouble_of(*batch.error));
    if (batch.damaged) {
        const std::uint64_t block = frontier_;
        damaged_bytes_ += table_.size(block);
        if (auto removed = env_.store.remove_blocks(stored_.id, {block}); !removed)
            return give_up(trouble_of(removed.error()));
        table_.set_missing(block);
        phase_ = Phase::filling;
        changed_();
        return;
    }
    advance();
}

void FileJob::digested() {
    const digest::Hash digest = digest::Sha256(digest_).finish();
    const auto wanted = digest::from_hex(stored_.spec.sha256);
    if (!wanted || *wanted == digest) return finish(digest);
    if (adopting_) return give_up({Reason::name_taken, path_.string() + " holds something else"});
    if (!looked_at_all_) {
        // Is the disk to blame? Every block is compared with what was received.
        looked_at_all_ = true;
        trusted_.assign(table_.count(), false);
        restart_digest();
        return advance();
    }
    if (stored_.spec.blocks.known())
        return give_up({Reason::wrong_digest,
                        "the published digests of the blocks and of the file contradict each other"});
    if (!second_) return begin_second_copy();
    compare_copies();
}

void FileJob::finish(const digest::Hash& digest) {
    const auto place = [&]() -> Result<void> {
        if (adopting_) return {};
        PELLUCID_CHECK(file_->sync());
        PELLUCID_CHECK(env_.disk.rename(part(second_), path_));
        if (second_) PELLUCID_CHECK(env_.disk.remove(part(false)));
        return {};
    };
    if (auto placed = place(); !placed) {
        auto trouble = trouble_of(placed.error());
        if (trouble.reason == Reason::in_use) trouble.reason = Reason::name_taken;
        return give_up(std::move(trouble));
    }
    stored_.complete = true;
    if (stored_.spec.sha256.empty()) stored_.spec.sha256 = digest::to_hex(digest);
    if (auto trouble = save()) {
        stored_.complete = false;
        return give_up(*std::move(trouble));  // the next start finds the file in its place
    }
    file_.reset();
    phase_ = Phase::complete;
    changed_();
}

void FileJob::begin_second_copy() {
    second_ = true;
    looked_at_all_ = false;
    file_.reset();
    // Before the rows of the first go: a program that is killed in between must not take it for nothing.
    auto trouble = open_part(true);
    if (!trouble)
        if (auto removed = env_.store.remove_all_blocks(stored_.id); !removed)
            trouble = trouble_of(removed.error());
    if (!trouble) trouble = make_room();
    if (!trouble) trouble = load_blocks();
    if (trouble) return give_up(*std::move(trouble));
    damaged_bytes_ += *stored_.spec.bytes;
    phase_ = Phase::filling;
    changed_();
}

void FileJob::compare_copies() {
    auto first = env_.disk.open(part(false), false);
    if (!first)
        return give_up({Reason::wrong_digest, "a second copy does not have the published digest either"});
    std::shared_ptr<DiskFile> other = *std::move(first);
    working_ = true;
    env_.work([this, other, file = file_, stop = stop_, table = table_, generation = generation_,
               alive = std::weak_ptr(alive_), home = env_.home] {
        std::uint64_t differing = 0;
        std::vector<std::byte> a, b;
        for (std::uint64_t block = 0; block < table.count() && !*stop; ++block) {
            a.resize(table.size(block));
            b.resize(table.size(block));
            const bool same =
                file->read(table.first(block), a).ok() && other->read(table.first(block), b).ok() && a == b;
            differing += same ? 0 : 1;
        }
        home([this, differing, count = table.count(), generation, alive] {
            if (!alive.lock() || generation != generation_) return;
            working_ = false;
            give_up({Reason::wrong_digest,
                     differing == 0
                         ? "two copies were fetched and are the same, so the server does not hold what was "
                           "published"
                         : "two copies were fetched and differ in " + std::to_string(differing) + " of " +
                               std::to_string(count) + " blocks; neither is what was published"});
        });
    });
}

void FileJob::give_up(Trouble trouble) {
    trouble_ = std::move(trouble);
    changed_();
}

}  // namespace pellucid::download
