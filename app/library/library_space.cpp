// What the library takes on the disk: removal, duplicates, orphans.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>

#include "app/digest/file_digest.h"
#include "app/library/file_tools.h"
#include "app/library/library.h"
#include "app/library/storage_error.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

/// Every regular file below the folder, links not followed into other folders.
std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code trouble;
    for (fs::recursive_directory_iterator
             entry(folder, fs::directory_options::skip_permission_denied, trouble),
         end;
         !trouble && entry != end; entry.increment(trouble))
        if (std::error_code ignored; entry->is_regular_file(ignored)) files.push_back(entry->path());
    std::ranges::sort(files);
    return files;
}

bool is_partial(const fs::path& path) {
    const std::string name = path.filename().string();
    return std::ranges::any_of(
        std::array{".part", ".part2", copying_suffix, linking_suffix, repairing_suffix},
        [&](const char* suffix) { return name.ends_with(suffix); });
}

using Inode = std::pair<std::uint64_t, std::uint64_t>;

}  // namespace

// ---- removal ----

Result<Removal> Library::plan_removal(ModelId model) const {
    PELLUCID_TRY(const auto record, from_storage(models_.get(model)));
    PELLUCID_TRY(const auto kept, from_storage(files_.of(model, false)));
    Removal removal;
    removal.model = model;
    std::vector<fs::path> paths;
    for (const auto& file : kept) paths.emplace_back(file.path);
    if (paths.empty())
        if (const auto found = files_of(record.path))
            for (const FoundFile& file : *found) paths.push_back(file.path);
    const auto origin = origin_from(record.source).value_or(Origin::file);
    std::map<Inode, std::pair<unsigned, std::size_t>> names;  // of those deleted, and the last of them
    for (const fs::path& path : paths) {
        Removal::File file;
        file.path = path;
        const auto facts = facts_of(path);
        if (!facts) continue;  // nothing to delete
        file.bytes = facts->bytes;
        PELLUCID_TRY(const auto users, from_storage(files_.at_path(path.string())));
        const bool shared = std::ranges::any_of(users, [&](const auto& user) { return user.model != model; });
        if (!owns(path))
            file.why = app_name(origin).empty() ? "lies outside of the models folder"
                                                : "belongs to " + std::string(app_name(origin));
        else if (shared)
            file.why = "another model uses it";
        else
            file.deleted = true;
        removal.files.push_back(file);
        if (!file.deleted) continue;
        auto& [seen, last] = names[{facts->device, facts->inode}];
        ++seen;
        last = removal.files.size() - 1;
        // The space comes free with the last name.
        if (seen == facts->names)
            removal.files[last].freed = facts->allocated;
        else
            removal.files[last].why = "has another name, which keeps its space";
    }
    return removal;
}

Result<Removal> Library::remove(ModelId model, bool files) {
    PELLUCID_TRY(Removal removal, plan_removal(model));
    if (!files)
        for (Removal::File& file : removal.files) {
            file.deleted = false;
            file.freed = 0;
        }
    // From the last to the first: the file that is opened, and by which the model is found again, goes last.
    for (auto file = removal.files.rbegin(); file != removal.files.rend(); ++file) {
        if (!file->deleted) continue;
        if (unlink(file->path.c_str()) != 0 && errno != ENOENT)
            return file_failure(file->path, "could not delete", errno);
        remove_empty_folders(file->path.parent_path(), folder_);
    }
    PELLUCID_CHECK(from_storage(models_.remove(model)));
    return removal;
}

// ---- duplicates ----

namespace {

struct Candidate {
    DuplicateFile file;
    FileFacts facts;
    std::string sha256;  ///< trusted; empty: to be read
    std::optional<storage::ModelFile> row;
};

/// The beginning and the end of a file, to tell most pairs of one length apart without reading them.
Result<digest::Hash> sample(const fs::path& path, std::uint64_t bytes) {
    CopySource source({path.string()});
    WantedFile none;
    constexpr std::uint64_t length = 64 << 10;
    digest::Sha256 sha;
    for (const std::uint64_t first : {std::uint64_t{0}, bytes > length ? bytes - length : std::uint64_t{0}}) {
        PELLUCID_TRY(const auto part, source.read(none, {first, std::min(length, bytes)}, {}));
        sha.add(part);
    }
    return sha.finish();
}

/// Space that comes free when all that may be linked is linked: per disk, beyond the inode that is kept.
std::uint64_t reclaimable(const std::vector<DuplicateFile>& files, const std::map<Inode, FileFacts>& facts) {
    std::map<std::uint64_t, std::uint64_t> kept;  // inode by device
    std::map<Inode, unsigned> replaced;
    std::uint64_t sum = 0;
    for (const DuplicateFile& file : files) {
        const auto [place, first] = kept.try_emplace(file.device, file.inode);
        if (first || place->second == file.inode || !file.ours) continue;
        const FileFacts& known = facts.at({file.device, file.inode});
        if (++replaced[{file.device, file.inode}] == known.names) sum += known.allocated;
    }
    return sum;
}

}  // namespace

Result<std::vector<DuplicateGroup>> Library::duplicates(const std::vector<FoundModel>& others,
                                                        const Progress& progress, const CancelToken& cancel) {
    std::vector<Candidate> candidates;
    std::set<fs::path> seen;
    const auto enter = [&](const fs::path& path, Candidate candidate) {
        const auto facts = facts_of(path);
        constexpr std::uint64_t least = 4096;  // below it nothing is gained
        if (!facts || facts->bytes < least || is_partial(path) || !seen.insert(path).second) return;
        candidate.file.path = path;
        candidate.file.device = facts->device;
        candidate.file.inode = facts->inode;
        candidate.facts = *facts;
        candidates.push_back(std::move(candidate));
    };
    PELLUCID_TRY(const auto records, from_storage(models_.list()));
    std::map<ModelId, Origin> origins;
    for (const auto& record : records) origins[record.id] = origin_from(record.source).value_or(Origin::file);
    PELLUCID_TRY(const auto rows, from_storage(files_.all()));
    for (const auto& row : rows) {
        Candidate candidate;
        candidate.file.model = row.model;
        candidate.file.origin = origins[row.model];
        candidate.file.ours = owns(row.path);
        candidate.row = row;
        const auto facts = facts_of(row.path);
        const bool unchanged = facts && facts->bytes == row.bytes && facts->modified_ns == row.modified_ns;
        if (unchanged && row.state == storage::FileState::whole) candidate.sha256 = row.sha256;
        // What another app names by its digest.
        if (unchanged && !candidate.file.ours && row.state == storage::FileState::unchecked)
            candidate.sha256 = row.sha256;
        enter(row.path, std::move(candidate));
    }
    for (const FoundModel& model : others)
        for (const FoundFile& file : model.files) {
            Candidate candidate;
            candidate.file.origin = model.origin;
            candidate.sha256 = file.sha256;
            enter(file.path, std::move(candidate));
        }
    for (const fs::path& path : files_below(folder_)) {
        Candidate candidate;
        candidate.file.ours = true;
        enter(path, std::move(candidate));
    }

    std::map<std::uint64_t, std::vector<Candidate*>> by_size;
    for (Candidate& candidate : candidates) by_size[candidate.facts.bytes].push_back(&candidate);
    std::uint64_t total = 0, done = 0;
    std::vector<std::vector<Candidate*>> alike;  // same size, beginning and end
    for (auto& [bytes, same] : by_size) {
        if (same.size() < 2) continue;
        std::map<digest::Hash, std::vector<Candidate*>> by_sample;
        for (Candidate* candidate : same) {
            if (cancel.cancelled())
                return fail(ErrorCode::cancelled, "the search for duplicates was stopped");
            if (const auto hash = sample(candidate->file.path, bytes)) by_sample[*hash].push_back(candidate);
        }
        for (auto& [hash, group] : by_sample) {
            if (group.size() < 2) continue;
            for (const Candidate* candidate : group)
                if (candidate->sha256.empty()) total += bytes;
            alike.push_back(std::move(group));
        }
    }
    std::vector<DuplicateGroup> groups;
    for (const auto& same : alike) {
        std::map<Inode, std::string> of_inode;
        for (const Candidate* candidate : same)
            if (!candidate->sha256.empty())
                of_inode.try_emplace({candidate->facts.device, candidate->facts.inode}, candidate->sha256);
        std::map<std::string, std::vector<Candidate*>> by_digest;
        for (Candidate* candidate : same) {
            std::string& known = of_inode[{candidate->facts.device, candidate->facts.inode}];
            if (candidate->sha256.empty() && known.empty()) {
                const auto read = digest::digest_file(
                    candidate->file.path.string(), digest::default_block_bytes,
                    [&](std::uint64_t at, std::uint64_t) {
                        if (progress)
                            progress(done + at, std::max(total, done + at), candidate->file.path.string());
                    },
                    cancel);
                if (!read) return read.failure();
                known = digest::to_hex(read->sha256);
                // Kept for the next time, where nothing says what it should be.
                if (candidate->row && candidate->row->sha256.empty()) {
                    storage::ModelFile row = *candidate->row;
                    row.bytes = read->blocks.file_bytes;
                    row.sha256 = known;
                    row.block_bytes = read->blocks.block_bytes;
                    row.blocks = digest::to_bytes(read->blocks.blocks);
                    row.modified_ns = candidate->facts.modified_ns;
                    row.state = storage::FileState::whole;
                    row.checked_at = database_.now();
                    PELLUCID_CHECK(from_storage(files_.update(row)));
                }
            }
            if (candidate->sha256.empty()) done += candidate->facts.bytes;
            by_digest[candidate->sha256.empty() ? known : candidate->sha256].push_back(candidate);
        }
        for (const auto& [sha256, members] : by_digest) {
            if (members.size() < 2) continue;
            DuplicateGroup group;
            group.sha256 = sha256;
            group.bytes = members[0]->facts.bytes;
            std::map<Inode, FileFacts> facts;
            for (const Candidate* member : members) {
                group.files.push_back(member->file);
                facts[{member->facts.device, member->facts.inode}] = member->facts;
            }
            // On each disk first what may not be replaced: that is what the others are linked to.
            std::ranges::stable_sort(group.files, {}, [](const DuplicateFile& file) {
                return std::tuple(file.device, file.ours, file.path);
            });
            group.reclaimable = reclaimable(group.files, facts);
            groups.push_back(std::move(group));
        }
    }
    std::ranges::stable_sort(groups, std::greater<>{}, &DuplicateGroup::reclaimable);
    return groups;
}

Result<std::vector<LinkedFile>> Library::link(const DuplicateGroup& group, const Progress& progress,
                                              const CancelToken& cancel) {
    std::vector<LinkedFile> linked;
    std::map<std::uint64_t, fs::path> kept;  // by disk
    std::uint64_t done = 0;
    for (const DuplicateFile& file : group.files) {
        const auto facts = facts_of(file.path);
        if (!facts) continue;
        const auto [place, first] = kept.try_emplace(facts->device, file.path);
        if (first || !file.ours || !owns(file.path)) continue;
        const fs::path& original = place->second;
        const auto of_original = facts_of(original);
        if (!of_original) return file_failure(original, "could not read", ENOENT);
        LinkedFile result{file.path, original, LinkKind::already_one, 0};
        if (of_original->inode != facts->inode) {
            PELLUCID_TRY(const bool same,
                         same_bytes(
                             original, file.path,
                             [&](std::uint64_t more) {
                                 done += more;
                                 if (progress)
                                     progress(done,
                                              std::max(done, group.bytes * 2 * (group.files.size() - 1)),
                                              file.path.string());
                             },
                             cancel));
            if (!same)
                return fail(ErrorCode::corrupt,
                            file.path.string() + " and " + original.string() + " do not hold the same",
                            "Check both models; one of them is damaged.");
            PELLUCID_TRY(const bool reflinked, share_bytes(original, file.path));
            result.kind = reflinked ? LinkKind::reflink : LinkKind::hard_link;
            if (facts->names == 1) result.freed = facts->allocated;
            // The row knows the file by its time.
            PELLUCID_TRY(auto rows, from_storage(files_.at_path(file.path.string())));
            const auto now = facts_of(file.path);
            for (const auto& row : rows) {
                PELLUCID_TRY(auto full, from_storage(files_.of(row.model)));
                for (auto& own : full)
                    if (own.id == row.id && now) {
                        own.modified_ns = now->modified_ns;
                        PELLUCID_CHECK(from_storage(files_.update(own)));
                    }
            }
        }
        linked.push_back(std::move(result));
    }
    return linked;
}

// ---- orphans ----

Result<Orphans> Library::orphans(const std::vector<fs::path>& known_partials) const {
    PELLUCID_TRY(const auto records, from_storage(models_.list()));
    PELLUCID_TRY(const auto rows, from_storage(files_.all()));
    std::set<fs::path> known(known_partials.begin(), known_partials.end());
    Orphans orphans;
    std::set<std::pair<ModelId, fs::path>> missing;
    for (const auto& row : rows) {
        known.insert(row.path);
        if (!facts_of(row.path)) missing.emplace(row.model, row.path);
    }
    for (const auto& record : records) {
        std::error_code trouble;
        if (!fs::exists(record.path, trouble)) missing.emplace(record.id, record.path);
        if (const auto files = files_of(record.path))
            for (const FoundFile& file : *files) known.insert(file.path);
    }
    for (const auto& [model, path] : missing) orphans.models_without_files.push_back({model, path});
    const auto of_a_download = [&](const fs::path& path) {
        return std::ranges::any_of(known_partials, [&](const fs::path& download) {
            return path.string().starts_with(download.string() + ".");
        });
    };
    for (const fs::path& path : files_below(folder_)) {
        const auto facts = facts_of(path);
        if (known.contains(path) || !facts || of_a_download(path)) continue;
        const std::string ending = path.extension().string();
        const bool model = ending == ".gguf" || ending == ".safetensors" || ending == ".json";
        (model ? orphans.put_there_by_hand : orphans.files_without_models)
            .push_back({path, facts->bytes, is_partial(path)});
    }
    return orphans;
}

}  // namespace pellucid::library
