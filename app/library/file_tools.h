// Files as the library handles them: what they are, the same bytes under two names, copies that are whole or
// not there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::library {

/// What the system says about a file, links followed.
struct FileFacts {
    std::uint64_t device = 0, inode = 0;
    std::uint64_t bytes = 0;      ///< its length
    std::uint64_t allocated = 0;  ///< space that it takes
    std::int64_t modified_ns = 0;
    unsigned names = 1;  ///< hard links
};
/// None: it is not there, or no regular file.
std::optional<FileFacts> facts_of(const std::filesystem::path& path);

/// The file system that a folder lies on; 0: it is not there.
std::uint64_t device_of_folder(const std::filesystem::path& folder);

/// What errno says; `doing`: "could not write", of `path`.
Failure file_failure(const std::filesystem::path& path, std::string_view doing, int number);

/// More bytes read; for progress.
using Bytes = std::function<void(std::uint64_t more)>;

/// What is not finished lies beside its name with one of these; a download's has another (".part").
inline constexpr const char* copying_suffix = ".moving";
inline constexpr const char* linking_suffix = ".link";
inline constexpr const char* repairing_suffix = ".repair";

/// Whether two files hold the same bytes. io, cancelled.
Result<bool> same_bytes(const std::filesystem::path& a, const std::filesystem::path& b, const Bytes& progress,
                        const CancelToken& cancel);

/// `copy` becomes a file with the bytes, time and mode of `original`: written beside itself under the name +
/// ".part", flushed, read back and compared, then named. What is there under that name is replaced. io,
/// no_space, read_only, cancelled (then nothing is left), corrupt (what was read back is not what was
/// written).
Result<void> copy_whole(const std::filesystem::path& original, const std::filesystem::path& copy,
                        const Bytes& progress, const CancelToken& cancel);

/// `path` gets the bytes of `original` without a copy, replacing what is there in one step. True: by a
/// reflink, false: by a hard link. unsupported: they lie on different file systems.
Result<bool> share_bytes(const std::filesystem::path& original, const std::filesystem::path& path);

/// What was named or deleted in the folder survives a loss of power.
Result<void> sync_folder(const std::filesystem::path& folder);
/// mkdir -p; read_only, no_space, io.
Result<void> make_folders(const std::filesystem::path& folder);
/// Deletes `folder` and those above it up to, and without, `top`, as long as they are empty.
void remove_empty_folders(std::filesystem::path folder, const std::filesystem::path& top);
/// Free bytes for this user where `path` is or will be made.
std::uint64_t free_bytes(const std::filesystem::path& path);

}  // namespace pellucid::library
