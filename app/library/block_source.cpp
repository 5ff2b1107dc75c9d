#include "app/library/block_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pellucid::library {

namespace {

/// Bytes [first, first + size) of a file; empty where it has not all of them.
std::vector<std::byte> bytes_of(const std::string& path, ByteSpan span) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return {};
    struct stat status {};
    std::vector<std::byte> bytes;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        static_cast<std::uint64_t>(status.st_size) >= span.first + span.size) {
        bytes.resize(span.size);
        std::size_t at = 0;
        while (at < bytes.size()) {
            const ssize_t got =
                pread(fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(span.first + at));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            at += static_cast<std::size_t>(got);
        }
        if (at < bytes.size()) bytes.clear();
    }
    close(fd);
    return bytes;
}

}  // namespace

bool CopySource::serves(const WantedFile& file) const {
    for (const std::string& copy : copies_)
        if (copy != file.path) return true;
    return false;
}

Result<std::vector<std::byte>> CopySource::read(const WantedFile& file, ByteSpan span,
                                                const CancelToken& cancel) {
    for (const std::string& copy : copies_) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped while reading " + copy);
        if (copy == file.path) continue;
        auto bytes = bytes_of(copy, span);
        if (!bytes.empty()) return bytes;
    }
    return fail(ErrorCode::not_found, "no other copy of " + file.path + " can be read",
                "Download the model again.");
}

std::string CopySource::name(const WantedFile& file) const {
    for (const std::string& copy : copies_)
        if (copy != file.path) return copy;
    return {};
}

}  // namespace pellucid::library
