// The lock file beside the database: who has it open, and whether the last one closed it properly.
#pragma once

#include <filesystem>

#include "storage/error.h"

namespace pellucid::storage {

/// Held while the object lives; the kernel drops it when the process dies in whatever way. The file stays:
/// removing it would let a third program lock a file that a second has just opened.
class FileLock {
public:
    /// busy with the other's process id; read_only, no_space, io.
    static Result<FileLock> take(const std::filesystem::path& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    /// The one before ended without release_clean().
    bool previous_was_unclean() const { return previous_was_unclean_; }
    /// Notes that the files were closed whole. Still locked until destroyed.
    void mark_clean();

private:
    FileLock(int descriptor, bool unclean) : descriptor_(descriptor), previous_was_unclean_(unclean) {}
    int descriptor_;
    bool previous_was_unclean_;
};

}  // namespace pellucid::storage
