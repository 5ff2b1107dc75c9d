// A file's bytes without reading them: a read-only mapping that outlives every view into it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/base/error.h"

namespace pellucid {

/// A whole file mapped read-only. Thread safe. The file must not shrink while it is mapped (the system would
/// raise SIGBUS on the lost pages): model files are replaced by renaming, never rewritten in place.
class MappedFile {
public:
    /// not_found, read_only (no permission), io, or invalid_argument (a folder, a device). An empty file maps
    /// to an empty span.
    static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);

    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    const std::string& path() const { return path_; }
    std::span<const std::byte> bytes() const { return {data_, size_}; }

    /// Hints to the system about [offset, offset + length): will be read soon, in order; or is not needed
    /// again (its pages may be dropped from this process; they come back from the file if touched).
    void will_need(std::size_t offset, std::size_t length) const;
    void dont_need(std::size_t offset, std::size_t length) const;
    /// dont_need() of `part`, where it lies in this mapping; else nothing.
    void release(std::span<const std::byte> part) const;
    /// Bytes of the mapping that are in physical memory now.
    std::uint64_t resident_bytes() const;

private:
    MappedFile(std::string path, const std::byte* data, std::size_t size)
        : path_(std::move(path)), data_(data), size_(size) {}
    void advise(std::size_t offset, std::size_t length, int advice) const;

    std::string path_;
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace pellucid
