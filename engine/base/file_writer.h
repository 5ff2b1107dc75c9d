// Writing a file so that a reader sees the old one or the whole new one, never half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/error.h"

namespace pellucid {

/// Bytes go to "<path>.part"; commit() flushes them to the disk and renames. Destroyed without commit(), it
/// removes the partial file. Errors: no_space, read_only, not_found (no such folder), io.
class FileWriter {
public:
    static Result<FileWriter> create(const std::string& path);
    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&&) = delete;
    ~FileWriter();

    Result<void> write(std::span<const std::byte> bytes);
    /// Zero bytes up to the next multiple of `alignment`.
    Result<void> pad_to(std::uint64_t alignment);
    std::uint64_t written() const { return written_; }
    Result<void> commit();

private:
    FileWriter(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
    std::string path_;
    int fd_ = -1;
    std::uint64_t written_ = 0;
};

}  // namespace pellucid
