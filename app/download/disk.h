// The disk as the download room sees it; tests give one that fails when told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "engine/base/error.h"

namespace pellucid::download {

/// An open file, locked against other programs. Writes and reads may come from different threads.
class DiskFile {
public:
    virtual ~DiskFile() = default;
    /// Makes the file that long with the room really taken (fallocate), or none of it. no_space; on file
    /// systems that cannot reserve it is only made longer.
    virtual Result<void> reserve(std::uint64_t bytes) = 0;
    virtual Result<void> cut(std::uint64_t bytes) = 0;  ///< to that length
    virtual Result<std::uint64_t> size() = 0;
    /// All of it, or an error: no_space, read_only, io, not_found (the disk is gone).
    virtual Result<void> write(std::uint64_t at, std::span<const std::byte> bytes) = 0;
    /// Fills `to`, or an error; io where the file ends before.
    virtual Result<void> read(std::uint64_t at, std::span<std::byte> to) = 0;
    virtual Result<void> sync() = 0;  ///< survives a loss of power when it returns
};

class Disk {
public:
    virtual ~Disk() = default;
    /// Opens to read and write. not_found where it is missing and not to be made, or its folder is gone;
    /// busy: another program downloads into it; read_only, no_space, io.
    virtual Result<std::unique_ptr<DiskFile>> open(const std::filesystem::path& path, bool make) = 0;
    virtual Result<std::optional<std::uint64_t>> size_of(
        const std::filesystem::path& path) = 0;  ///< none: not there
    virtual Result<void> make_folder(const std::filesystem::path& path) = 0;
    /// Never over another file: busy where `to` is there. Durable when it returns.
    virtual Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    virtual Result<void> remove(const std::filesystem::path& path) = 0;  ///< fine where it is not there
    virtual Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) = 0;
};

/// The machine's.
class PosixDisk final : public Disk {
public:
    Result<std::unique_ptr<DiskFile>> open(const std::filesystem::path& path, bool make) override;
    Result<std::optional<std::uint64_t>> size_of(const std::filesystem::path& path) override;
    Result<void> make_folder(const std::filesystem::path& path) override;
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    Result<void> remove(const std::filesystem::path& path) override;
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override;
};

}  // namespace pellucid::download
