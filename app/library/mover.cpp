#include "app/library/mover.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "app/library/file_tools.h"
#include "app/library/scan.h"
#include "app/library/storage_error.h"
#include "storage/downloads.h"
#include "storage/settings.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

/// Every regular file below the folder, by its name relative to it.
std::vector<storage::MoveFile> files_to_move(const fs::path& folder) {
    std::vector<storage::MoveFile> files;
    std::error_code trouble;
    for (fs::recursive_directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble))
        if (const auto facts = facts_of(entry->path()))
            files.push_back({0, entry->path().lexically_relative(folder).string(), facts->bytes, false});
    std::ranges::sort(files, {}, &storage::MoveFile::name);
    return files;
}

std::uint64_t device_of(fs::path path) {
    std::error_code trouble;
    while (!fs::exists(path, trouble) && path.has_relative_path()) path = path.parent_path();
    return device_of_folder(path);
}

/// Without a slash at its end, "." and "..".
fs::path plain(const fs::path& path) {
    fs::path normal = path.lexically_normal();
    return normal.filename().empty() ? normal.parent_path() : normal;
}

}  // namespace

fs::path models_folder(storage::Database& database, const fs::path& data_folder) {
    const auto settings = storage::Settings::load(database, {{models_folder_key, std::string()}});
    const std::string named = settings ? (*settings)->get<std::string>(models_folder_key) : std::string();
    return named.empty() ? data_folder / "models" : fs::path(named);
}

Mover::Mover(storage::Database& database, fs::path models_folder)
    : database_(database), moves_(database), folder_(plain(models_folder)) {}

Result<MovePlan> Mover::plan(const fs::path& chosen) const {
    MovePlan plan;
    plan.from = folder_;
    plan.to = plain(chosen);
    if (!plan.to.is_absolute())
        return fail(ErrorCode::invalid_argument, chosen.string() + " is not the whole path of a folder",
                    "Choose a folder, from / on.");
    std::error_code trouble;
    const fs::path real_from = fs::weakly_canonical(plan.from, trouble),
                   real_to = fs::weakly_canonical(plan.to, trouble);
    if (real_from == real_to || lies_in(real_to, real_from) || lies_in(real_from, real_to))
        return fail(ErrorCode::invalid_argument,
                    plan.to.string() + " and the models folder " + plan.from.string() + " lie in one another",
                    "Choose a folder elsewhere.");
    PELLUCID_TRY(const auto under_way, interrupted());
    if (under_way)
        return fail(ErrorCode::busy, "The library is already on its way to another folder.",
                    "Let that move finish, or take it back.");
    PELLUCID_TRY(const auto downloads, from_storage(storage::DownloadRows(database_).list()));
    for (const auto& download : downloads)
        if (download.state != "complete" &&
            (download.folder == plan.from || lies_in(download.folder, plan.from)))
            return fail(ErrorCode::busy, "Models are being downloaded to " + plan.from.string(),
                        "Let the downloads finish, or cancel them, then move the library.");
    plan.same_file_system = device_of(plan.from) == device_of(plan.to);
    std::set<std::pair<std::uint64_t, std::uint64_t>> counted;
    for (const auto& file : files_to_move(plan.from)) {
        ++plan.files;
        const auto facts = facts_of(plan.from / file.name);
        if (facts && counted.emplace(facts->device, facts->inode).second && !plan.same_file_system)
            plan.bytes += facts->bytes;
        if (fs::exists(fs::symlink_status(plan.to / file.name, trouble)))
            return fail(ErrorCode::unsupported, (plan.to / file.name).string() + " is there already",
                        "Choose an empty folder.");
    }
    plan.available = free_bytes(plan.to);
    return plan;
}

Result<void> Mover::move(const fs::path& to, const Progress& progress, const CancelToken& cancel) {
    PELLUCID_TRY(const MovePlan planned, plan(to));
    if (!planned.fits())
        return fail(ErrorCode::no_space,
                    "Moving the library needs " + std::to_string(planned.bytes) + " bytes, and " +
                        std::to_string(planned.available) + " are free at " + planned.to.string(),
                    "Free some space there, or choose another disk.");
    PELLUCID_CHECK(make_folders(planned.to));
    if (access(planned.to.c_str(), W_OK) != 0) return file_failure(planned.to, "could not write", errno);
    PELLUCID_CHECK(
        from_storage(moves_.begin(planned.from.string(), planned.to.string(), files_to_move(planned.from))));
    return resume(progress, cancel);
}

Result<std::optional<storage::LibraryMove>> Mover::interrupted() const {
    return from_storage(moves_.current());
}

Result<void> Mover::copy_all(const Progress& progress, const CancelToken& cancel) {
    std::map<std::pair<std::uint64_t, std::uint64_t>, fs::path> made;  // a file under two names stays one
    while (true) {
        PELLUCID_TRY(const auto move, interrupted());
        if (!move) return {};
        const fs::path from = move->from, to = move->to;
        // Files that came into the folder meanwhile go along.
        std::vector<storage::MoveFile> more;
        for (auto& file : files_to_move(from))
            if (std::ranges::find(move->files, file.name, &storage::MoveFile::name) == move->files.end())
                more.push_back(std::move(file));
        const bool finished = std::ranges::all_of(move->files, &storage::MoveFile::copied);
        if (more.empty() && finished) return {};
        if (!more.empty()) {
            PELLUCID_CHECK(from_storage(moves_.add_files(move->id, more)));
            continue;
        }
        std::uint64_t total = 0, done = 0;
        for (const auto& file : move->files) total += file.bytes;
        for (const auto& file : move->files) {
            const fs::path source = from / file.name, target = to / file.name;
            const auto facts = facts_of(source);
            const std::pair<std::uint64_t, std::uint64_t> inode =
                facts ? std::pair(facts->device, facts->inode) : std::pair<std::uint64_t, std::uint64_t>();
            if (file.copied) {
                if (facts) made.emplace(inode, target);
                done += file.bytes;
                continue;
            }
            if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the library's move was stopped");
            if (facts) {  // else its model was removed meanwhile
                PELLUCID_CHECK(make_folders(target.parent_path()));
                const auto link_or_copy = [&]() -> Result<void> {
                    if (const auto same = made.find(inode); same != made.end()) {
                        auto shared = share_bytes(same->second, target);
                        return shared ? Result<void>() : Result<void>(shared.failure());
                    }
                    if (device_of(to) == facts->device) {
                        auto shared = share_bytes(source, target);
                        if (shared || shared.error().code != ErrorCode::unsupported)
                            return shared ? Result<void>() : Result<void>(shared.failure());
                    }
                    return copy_whole(
                        source, target,
                        [&, at = done](std::uint64_t bytes) mutable {
                            at += bytes;
                            if (progress) progress(at, std::max(total, at), file.name);
                        },
                        cancel);
                };
                PELLUCID_CHECK(link_or_copy());
                made.emplace(inode, target);
            }
            done += file.bytes;
            if (progress) progress(done, std::max(total, done), file.name);
            PELLUCID_CHECK(from_storage(moves_.set_copied(move->id, file.ordinal)));
        }
    }
}

Result<void> Mover::resume(const Progress& progress, const CancelToken& cancel) {
    PELLUCID_TRY(auto move, interrupted());
    if (!move) return {};
    if (move->phase == storage::MovePhase::copying) {
        std::error_code trouble;
        if (!fs::is_directory(move->from, trouble))
            return fail(ErrorCode::not_found, move->from + " is not there",
                        "Connect the disk that it lies on, then try again.");
        if (auto copied = copy_all(progress, cancel); !copied) {
            // What a person stops is taken back; what went wrong can be tried again, or taken back.
            if (copied.error().code == ErrorCode::cancelled) PELLUCID_CHECK(take_back());
            return copied;
        }
        PELLUCID_CHECK(from_storage(moves_.switch_over(move->id, models_folder_key)));
        PELLUCID_TRY(move, interrupted());
    }
    // What is whole at the new place is deleted at the old one.
    const fs::path from = move->from, to = move->to;
    for (const auto& file : move->files) {
        if (!file.copied || !facts_of(to / file.name)) continue;
        const fs::path old = from / file.name;
        if (unlink(old.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
            return file_failure(old, "could not delete", errno);
        remove_empty_folders(old.parent_path(), from);
    }
    rmdir(from.c_str());
    return from_storage(moves_.end(move->id));
}

Result<void> Mover::take_back() {
    PELLUCID_TRY(const auto move, interrupted());
    if (!move) return {};
    if (move->phase != storage::MovePhase::copying)
        return fail(ErrorCode::invalid_argument, "The library has moved already.", "Let the move finish.");
    const fs::path from = move->from, to = move->to;
    for (const auto& file : move->files) {
        const fs::path target = to / file.name;
        for (const char* suffix : {copying_suffix, linking_suffix})
            unlink((target.string() + suffix).c_str());
        // A copy goes only while its original is there.
        if (facts_of(from / file.name)) unlink(target.c_str());
        remove_empty_folders(target.parent_path(), to);
    }
    rmdir(to.c_str());
    return from_storage(moves_.end(move->id));
}

}  // namespace pellucid::library
