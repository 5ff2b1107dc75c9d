#include "app/digest/file_digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pellucid::digest {

namespace {

struct Descriptor {
    int fd = -1;
    ~Descriptor() {
        if (fd >= 0) close(fd);
    }
};

Failure refused(const std::string& path, int number) {
    const auto code = number == ENOENT || number == ENOTDIR ? ErrorCode::not_found
                      : number == EACCES || number == EPERM ? ErrorCode::read_only
                                                            : ErrorCode::io;
    return fail(code, "could not read " + path + ": " + std::strerror(number),
                "Check that the file and its disk are there and may be read.");
}

}  // namespace

Result<FileDigest> digest_file(const std::string& path, std::uint64_t block_bytes, const Progress& progress,
                               const CancelToken& cancel) {
    Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.fd < 0) return refused(path, errno);
    struct stat status {};
    if (fstat(file.fd, &status) != 0) return refused(path, errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid_argument, path + " is not a regular file", "Choose a model's file.");
    const auto total = static_cast<std::uint64_t>(status.st_size);
    posix_fadvise(file.fd, 0, 0, POSIX_FADV_SEQUENTIAL);

    constexpr std::uint64_t step = std::uint64_t{1} << 20, report = std::uint64_t{16} << 20;
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(step, block_bytes)));
    FileDigest digest;
    digest.blocks.file_bytes = total;
    digest.blocks.block_bytes = block_bytes;
    Sha256 whole, block;
    std::uint64_t at = 0, in_block = 0, reported = 0;
    while (at < total) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped while reading " + path);
        const std::uint64_t wanted =
            std::min({static_cast<std::uint64_t>(buffer.size()), total - at, block_bytes - in_block});
        const ssize_t got =
            pread(file.fd, buffer.data(), static_cast<std::size_t>(wanted), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused(path, errno);
        if (got == 0) break;
        const std::span<const std::byte> bytes(buffer.data(), static_cast<std::size_t>(got));
        whole.add(bytes);
        block.add(bytes);
        at += bytes.size();
        in_block += bytes.size();
        if (in_block == block_bytes || at == total) {
            digest.blocks.blocks.push_back(block.finish());
            in_block = 0;
        }
        if (progress && (at - reported >= report || at == total)) {
            reported = at;
            progress(at, total);
        }
    }
    if (fstat(file.fd, &status) != 0) return refused(path, errno);
    if (at != total || static_cast<std::uint64_t>(status.st_size) != total)
        return fail(ErrorCode::busy, path + " changed while it was read",
                    "Wait until it is complete, then try again.");
    digest.sha256 = whole.finish();
    return digest;
}

}  // namespace pellucid::digest
