#include "engine/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

namespace pellucid {

namespace {

/// Closes a descriptor on every way out; a mapping does not need it any more.
struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

Failure system_failure(const std::string& path, const char* doing, int error) {
    const std::string what = std::string("cannot ") + doing + " " + path + ": " + std::strerror(error);
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            return fail(ErrorCode::not_found, what, "check the path");
        case EACCES:
        case EPERM:
            return fail(ErrorCode::read_only, what, "give your user permission to read the file");
        case ENOMEM:
            return fail(ErrorCode::out_of_memory, what, "close other programs and try again");
        default:
            return fail(ErrorCode::io, what, "check the disk that holds the file");
    }
}

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0) return system_failure(path, "open", errno);
    struct stat status {};
    if (::fstat(file.fd, &status) != 0) return system_failure(path, "read the size of", errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid_argument, path + " is not a regular file", "choose a file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile(path, nullptr, 0));
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.fd, 0);
    if (data == MAP_FAILED) return system_failure(path, "map", errno);
    return std::shared_ptr<const MappedFile>(new MappedFile(path, static_cast<const std::byte*>(data), size));
}

MappedFile::~MappedFile() {
    if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::advise(std::size_t offset, std::size_t length, int advice) const {
    if (offset >= size_) return;
    length = std::min(length, size_ - offset);
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    // Dropping must keep pages that other data shares; reading ahead may take them along.
    std::size_t begin = offset / page * page, end = offset + length;
    if (advice == MADV_DONTNEED) {
        begin = (offset + page - 1) / page * page;
        end = end == size_ ? end : end / page * page;
    }
    if (begin < end) (void)::madvise(const_cast<std::byte*>(data_) + begin, end - begin, advice);
}

void MappedFile::will_need(std::size_t offset, std::size_t length) const {
    advise(offset, length, MADV_WILLNEED);
}
void MappedFile::dont_need(std::size_t offset, std::size_t length) const {
    advise(offset, length, MADV_DONTNEED);
}

void MappedFile::release(std::span<const std::byte> part) const {
    if (part.empty() || std::less<>()(part.data(), data_) || !std::less<>()(part.data(), data_ + size_))
        return;
    dont_need(static_cast<std::size_t>(part.data() - data_), part.size());
}

std::uint64_t MappedFile::resident_bytes() const {
    if (!data_) return 0;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> in_memory((size_ + page - 1) / page);
    if (::mincore(const_cast<std::byte*>(data_), size_, in_memory.data()) != 0) return 0;
    const auto pages =
        std::count_if(in_memory.begin(), in_memory.end(), [](unsigned char p) { return p & 1; });
    return std::min<std::uint64_t>(static_cast<std::uint64_t>(pages) * page, size_);
}

}  // namespace pellucid
