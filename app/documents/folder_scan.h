// Looking through a followed folder: what is new, changed, renamed, gone, and what only cannot be seen now.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "storage/documents.h"

namespace pellucid::documents {

/// Whether a file of this name is taken in when a folder is added: by its ending, or a README and the like.
/// Files that are named themselves are always taken.
bool is_document_name(const std::string& name);

/// What the system says; none: not there, or no regular file. `device`: the file system it lies on.
struct FileLook {
    storage::FileStamp stamp;
    std::uint64_t device = 0;
};
std::optional<FileLook> look_at(const std::filesystem::path& file);

/// Which file system lies at a folder, in words that stay the same over restarts; empty: nothing there.
std::string filesystem_of(const std::filesystem::path& folder);

struct ScanOptions {
    bool hidden = false;  ///< also names that begin with a dot
    int max_depth = 64;
    std::size_t max_files = 500'000;
    /// For tests: who says which file system lies there.
    std::function<std::string(const std::filesystem::path&)> filesystem = filesystem_of;
};

struct ScanResult {
    std::int64_t waiting = 0;  ///< new and changed documents, to be read
    std::int64_t seen = 0, renamed = 0, removed = 0, away = 0;
    /// The folder is not there, or another disk is in its place: nothing was changed.
    bool folder_away = false;
    std::vector<std::string> unreadable;  ///< folders below that could not be listed; what is in them stays
    bool cut = false;                     ///< more files than max_files
};

/// Brings the documents of a folder in step with what lies there. A document is taken out only where its own
/// file system is there and its file is not. Links to folders are not followed. Errors: those of the
/// database; cancelled.
Result<ScanResult> scan_folder(storage::Database& database, const storage::CollectionFolder& folder,
                               const ScanOptions& options = {}, CancelToken cancel = {});

}  // namespace pellucid::documents
