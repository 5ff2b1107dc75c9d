// Checking a model's files, and repairing what is damaged.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/digest/file_digest.h"
#include "app/library/file_tools.h"
#include "app/library/library.h"
#include "app/library/storage_error.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

digest::BlockMap map_of(const storage::ModelFile& file) {
    auto map = digest::block_map(file.bytes, file.block_bytes, file.blocks);
    return map ? *std::move(map) : digest::BlockMap{file.bytes, file.block_bytes, {}};
}

void remember(storage::ModelFile& file, const digest::FileDigest& digest, const FileFacts& facts) {
    file.bytes = digest.blocks.file_bytes;
    file.sha256 = digest::to_hex(digest.sha256);
    file.block_bytes = digest.blocks.block_bytes;
    file.blocks = digest::to_bytes(digest.blocks.blocks);
    file.modified_ns = facts.modified_ns;
    file.state = storage::FileState::whole;
}

/// Compares what was read with what is known, and keeps what that says.
void judge(CheckedFile& checked, const digest::FileDigest& digest, const FileFacts& facts) {
    storage::ModelFile& file = checked.file;
    const bool replaced = !file.sha256_published && file.modified_ns != 0 &&
                          facts.modified_ns != file.modified_ns &&
                          digest::to_hex(digest.sha256) != file.sha256;
    if (file.sha256.empty() || replaced) {
        checked.first_time = true;
        if (replaced)
            checked.note =
                file.path + " was changed since it was last read; this is how it is kept from now on";
        remember(file, digest, facts);
        return;
    }
    if (digest::to_hex(digest.sha256) == file.sha256) {
        remember(file, digest, facts);
        return;
    }
    file.state = storage::FileState::damaged;
    const digest::BlockMap expected = map_of(file);
    for (std::size_t block = 0; block < expected.blocks.size(); ++block)
        if (block >= digest.blocks.blocks.size() || digest.blocks.size(block) != expected.size(block) ||
            digest.blocks.blocks[block] != expected.blocks[block])
            checked.damaged_blocks.push_back(block);
    checked.note = digest.blocks.file_bytes != file.bytes
                       ? file.path + " has " + std::to_string(digest.blocks.file_bytes) + " bytes, not " +
                             std::to_string(file.bytes)
                       : file.path + " does not hold what it should";
}

/// What good bytes go into. Written in place: a block at a time, each whole and right.
class Patch {
public:
    explicit Patch(const fs::path& path) : path_(path), fd_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
    ~Patch() {
        if (fd_ >= 0) close(fd_);
    }
    Patch(const Patch&) = delete;
    Patch& operator=(const Patch&) = delete;

    Result<void> fit(std::uint64_t bytes) {
        if (fd_ < 0) return file_failure(path_, "could not write", errno);
        const auto facts = facts_of(path_);
        if (facts && facts->bytes < bytes)
            if (const int refused = posix_fallocate(fd_, 0, static_cast<off_t>(bytes)); refused != 0)
                return file_failure(path_, "could not write", refused);
        if (facts && facts->bytes > bytes && ftruncate(fd_, static_cast<off_t>(bytes)) != 0)
            return file_failure(path_, "could not write", errno);
        return {};
    }
    Result<void> write(std::uint64_t first, std::span<const std::byte> bytes) {
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t put =
                pwrite(fd_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(first + at));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return file_failure(path_, "could not write", errno);
            at += static_cast<std::size_t>(put);
        }
        return {};
    }
    Result<void> flush() {
        if (fdatasync(fd_) != 0) return file_failure(path_, "could not write", errno);
        return {};
    }

private:
    fs::path path_;
    int fd_;
};

WantedFile wanted(const storage::ModelFile& file) {
    return {file.path, file.url, file.etag, file.sha256, file.bytes};
}

/// Good bytes of a block from the first source that has them; empty: none has.
Result<std::vector<std::byte>> good_block(const storage::ModelFile& file, ByteSpan span,
                                          const digest::Hash& expected,
                                          const std::vector<BlockSource*>& sources, RepairReport& report,
                                          const CancelToken& cancel) {
    for (BlockSource* source : sources) {
        if (!source->serves(wanted(file))) continue;
        auto bytes = source->read(wanted(file), span, cancel);
        if (!bytes) {
            if (bytes.error().code == ErrorCode::cancelled) return bytes.failure();
            if (std::ranges::find(report.notes, bytes.error().what) == report.notes.end())
                report.notes.push_back(bytes.error().what);
            continue;
        }
        report.bytes_fetched += bytes->size();
        if (bytes->size() != span.size || digest::Sha256::of(*bytes) != expected) continue;
        const std::string name = source->name(wanted(file));
        if (std::ranges::find(report.sources, name) == report.sources.end()) report.sources.push_back(name);
        return bytes;
    }
    return std::vector<std::byte>();
}

Result<void> patch_blocks(const CheckedFile& checked, const std::vector<BlockSource*>& sources,
                          RepairReport& report, const CancelToken& cancel) {
    const digest::BlockMap map = map_of(checked.file);
    Patch patch(checked.file.path);
    bool fitted = false;
    for (const std::size_t block : checked.damaged_blocks) {
        const ByteSpan span{map.first(block), map.size(block)};
        PELLUCID_TRY(const auto bytes,
                     good_block(checked.file, span, map.blocks[block], sources, report, cancel));
        if (bytes.empty()) continue;
        if (!std::exchange(fitted, true)) PELLUCID_CHECK(patch.fit(checked.file.bytes));
        PELLUCID_CHECK(patch.write(span.first, bytes));
        ++report.repaired_blocks;
    }
    return fitted ? patch.flush() : Result<void>();
}

/// Only the whole file's digest is known: one more copy beside the first, compared with it, and in its place
/// once its digest fits.
Result<void> replace_whole(const CheckedFile& checked, const std::vector<BlockSource*>& sources,
                           RepairReport& report, const CancelToken& cancel) {
    const storage::ModelFile& file = checked.file;
    const auto source =
        std::ranges::find_if(sources, [&](BlockSource* s) { return s->serves(wanted(file)); });
    if (source == sources.end()) {
        report.notes.push_back("only the digest of the whole file is known, and there is no other copy of " +
                               file.path);
        return {};
    }
    const fs::path part = file.path + repairing_suffix;
    struct Left {
        const fs::path& path;
        ~Left() { unlink(path.c_str()); }
    } left{part};
    digest::Sha256 sha;
    std::uint64_t different = 0;
    {
        const int made = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (made < 0) return file_failure(part, "could not write", errno);
        close(made);
        Patch copy(part);
        PELLUCID_CHECK(copy.fit(file.bytes));
        CopySource first({file.path});
        WantedFile own = wanted(file);
        own.path.clear();
        for (std::uint64_t at = 0; at < file.bytes; at += digest::default_block_bytes) {
            const ByteSpan span{at, std::min(digest::default_block_bytes, file.bytes - at)};
            auto bytes = (*source)->read(wanted(file), span, cancel);
            if (!bytes) {
                if (bytes.error().code == ErrorCode::cancelled) return bytes.failure();
                report.notes.push_back(bytes.error().what);
                return {};
            }
            report.bytes_fetched += bytes->size();
            sha.add(*bytes);
            const auto before = first.read(own, span, cancel);
            if (!before || *before != *bytes) ++different;
            PELLUCID_CHECK(copy.write(at, *bytes));
        }
        PELLUCID_CHECK(copy.flush());
    }
    if (digest::to_hex(sha.finish()) != file.sha256) {
        report.notes.push_back("the other copy of " + file.path +
                               " is not what was published either; it differs in " +
                               std::to_string(different) + " blocks");
        return {};
    }
    if (rename(part.c_str(), file.path.c_str()) != 0)
        return file_failure(file.path, "could not write", errno);
    PELLUCID_CHECK(sync_folder(fs::path(file.path).parent_path()));
    report.damaged_blocks += different;
    report.repaired_blocks += different;
    report.sources.push_back((*source)->name(wanted(file)));
    return {};
}

}  // namespace

Result<CheckReport> Library::check(ModelId model, const Progress& progress, const CancelToken& cancel) {
    PELLUCID_TRY(auto kept, files(model));
    CheckReport report;
    report.model = model;
    std::uint64_t total = 0;
    for (const auto& file : kept) total += file.bytes;
    for (auto& file : kept) {
        CheckedFile checked;
        checked.file = std::move(file);
        checked.file.checked_at = database_.now();
        const auto facts = facts_of(checked.file.path);
        if (!facts) {
            checked.file.state = storage::FileState::missing;
            checked.note = checked.file.path + " is missing";
        } else {
            const std::uint64_t blocks =
                checked.file.block_bytes != 0 ? checked.file.block_bytes : digest::default_block_bytes;
            const auto digest = digest::digest_file(
                checked.file.path, blocks,
                [&](std::uint64_t done, std::uint64_t) {
                    if (progress)
                        progress(report.bytes_read + done, std::max(total, report.bytes_read + done),
                                 checked.file.path);
                },
                cancel);
            if (!digest) return digest.failure();
            report.bytes_read += digest->blocks.file_bytes;
            judge(checked, *digest, *facts);
        }
        PELLUCID_CHECK(from_storage(files_.update(checked.file)));
        report.files.push_back(std::move(checked));
    }
    // The model's own digest is that of the file that is opened.
    if (!report.files.empty() && report.files[0].file.state == storage::FileState::whole)
        PELLUCID_CHECK(from_storage(models_.set_digest(model, report.files[0].file.sha256)));
    return report;
}

Result<RepairReport> Library::repair(ModelId model, const std::vector<BlockSource*>& sources,
                                     const Progress& progress, const CancelToken& cancel) {
    PELLUCID_TRY(const CheckReport before, check(model, progress, cancel));
    RepairReport report;
    bool touched = false;
    for (const CheckedFile& checked : before.files) {
        if (checked.file.state == storage::FileState::whole) continue;
        report.damaged_blocks += checked.damaged_blocks.size();
        if (!owns(checked.file.path) && !is_own_file(model)) {
            report.notes.push_back(checked.file.path + " belongs to another app; let that one repair it");
            continue;
        }
        if (checked.file.state == storage::FileState::missing || checked.file.sha256.empty()) {
            report.notes.push_back(checked.note);
            continue;
        }
        touched = true;
        if (checked.damaged_blocks.empty())
            PELLUCID_CHECK(replace_whole(checked, sources, report, cancel));
        else
            PELLUCID_CHECK(patch_blocks(checked, sources, report, cancel));
    }
    if (!touched) {
        report.whole = before.whole();
        return report;
    }
    PELLUCID_TRY(const CheckReport after, check(model, progress, cancel));
    report.whole = after.whole();
    return report;
}

Result<download::ItemSpec> Library::repair_download(const CheckReport& report) const {
    PELLUCID_TRY(const auto record, from_storage(models_.get(report.model)));
    download::ItemSpec item;
    item.title = record.title.empty() ? fs::path(record.path).stem().string() : record.title;
    for (const CheckedFile& checked : report.files) {
        if (checked.file.state != storage::FileState::damaged &&
            checked.file.state != storage::FileState::missing)
            continue;
        const fs::path path = checked.file.path;
        if (checked.file.url.empty())
            return fail(ErrorCode::not_found, "it is not known where " + path.string() + " came from",
                        "Download the model again.");
        if (item.folder.empty()) item.folder = path.parent_path();
        if (path.parent_path() != item.folder)
            return fail(ErrorCode::unsupported, "the files of this model lie in several folders",
                        "Download the model again.");
        download::FileSpec file;
        file.name = path.filename().string();
        file.urls = {checked.file.url};
        file.bytes = checked.file.bytes;
        file.sha256 = checked.file.sha256;
        file.blocks = map_of(checked.file);
        file.repair = checked.file.state == storage::FileState::damaged;
        item.files.push_back(std::move(file));
    }
    if (item.files.empty()) return fail(ErrorCode::invalid_argument, "no file of this model is damaged");
    return item;
}

}  // namespace pellucid::library
