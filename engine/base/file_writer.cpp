#include "engine/base/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace pellucid {

namespace {

Failure system_failure(const std::string& path, int error) {
    const std::string what = "cannot write " + path + ": " + std::strerror(error);
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return fail(ErrorCode::no_space, what, "free some disk space or choose another folder");
        case EACCES:
        case EPERM:
        case EROFS:
            return fail(ErrorCode::read_only, what, "choose a folder you may write to");
        case ENOENT:
        case ENOTDIR:
            return fail(ErrorCode::not_found, what, "create the folder first");
        default:
            return fail(ErrorCode::io, what, "check the disk");
    }
}

}  // namespace

Result<FileWriter> FileWriter::create(const std::string& path) {
    // The finished file takes the place of `path`: a device or pipe there (/dev/null!) must not be replaced.
    struct stat status;
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid_argument, "cannot write " + path + ": it is not a regular file",
                    "choose the name of a file");
    const int fd = ::open((path + ".part").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return system_failure(path, errno);
    return FileWriter(path, fd);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), written_(other.written_) {}

FileWriter::~FileWriter() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink((path_ + ".part").c_str());
}

Result<void> FileWriter::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            return system_failure(path_, errno);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        written_ += static_cast<std::uint64_t>(n);
    }
    return {};
}

Result<void> FileWriter::pad_to(std::uint64_t alignment) {
    static constexpr std::array<std::byte, 256> kZeros{};
    for (std::uint64_t left = (alignment - written_ % alignment) % alignment; left > 0;) {
        const auto n = std::min<std::uint64_t>(left, kZeros.size());
        PELLUCID_CHECK(write(std::span(kZeros).first(static_cast<std::size_t>(n))));
        left -= n;
    }
    return {};
}

Result<void> FileWriter::commit() {
    const std::string partial = path_ + ".part";
    if (::fsync(fd_) != 0) return system_failure(path_, errno);
    const int closed = ::close(std::exchange(fd_, -1));
    if (closed != 0 || std::rename(partial.c_str(), path_.c_str()) != 0) {
        const int error = errno;
        ::unlink(partial.c_str());
        return system_failure(path_, error);
    }
    return {};
}

}  // namespace pellucid
