#include "app/library/file_tools.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "app/digest/sha256.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

class Descriptor {
public:
    Descriptor(const fs::path& path, int flags, mode_t mode = 0)
        : fd_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    bool ok() const { return fd_ >= 0; }
    int get() const { return fd_; }

private:
    int fd_;
};

constexpr std::size_t kStep = std::size_t{1} << 20;

/// Up to a full buffer; fewer only at the end of the file. -1: errno.
ssize_t read_full(int fd, std::vector<std::byte>& buffer) {
    std::size_t at = 0;
    while (at < buffer.size()) {
        const ssize_t got = read(fd, buffer.data() + at, buffer.size() - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        at += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(at);
}

Result<digest::Hash> hash_of(const fs::path& path, const Bytes& progress, const CancelToken& cancel) {
    const Descriptor file(path, O_RDONLY);
    if (!file.ok()) return file_failure(path, "could not read", errno);
    // From the disk, not from what was just written into memory.
    posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    std::vector<std::byte> buffer(kStep);
    digest::Sha256 sha;
    while (true) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped while reading " + path.string());
        const ssize_t got = read_full(file.get(), buffer);
        if (got < 0) return file_failure(path, "could not read", errno);
        if (got == 0) return sha.finish();
        sha.add(std::span(buffer).first(static_cast<std::size_t>(got)));
        if (progress) progress(static_cast<std::uint64_t>(got));
    }
}

/// The copy itself; `part` is left behind on failure.
Result<void> copy_bytes(const fs::path& original, const fs::path& part, const Bytes& progress,
                        const CancelToken& cancel) {
    const Descriptor from(original, O_RDONLY);
    if (!from.ok()) return file_failure(original, "could not read", errno);
    struct stat status {};
    if (fstat(from.get(), &status) != 0) return file_failure(original, "could not read", errno);
    digest::Hash written{};
    {
        const Descriptor to(part, O_WRONLY | O_CREAT | O_TRUNC, status.st_mode & 0777);
        if (!to.ok()) return file_failure(part, "could not write", errno);
        // A full disk says so before the first byte; file systems that cannot reserve are asked byte by byte.
        if (status.st_size > 0)
            if (const int refused = posix_fallocate(to.get(), 0, status.st_size);
                refused == ENOSPC || refused == EDQUOT)
                return file_failure(part, "could not write", refused);
        posix_fadvise(from.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
        std::vector<std::byte> buffer(kStep);
        digest::Sha256 sha;
        std::uint64_t copied = 0;
        while (true) {
            if (cancel.cancelled())
                return fail(ErrorCode::cancelled, "stopped while copying " + original.string());
            const ssize_t got = read_full(from.get(), buffer);
            if (got < 0) return file_failure(original, "could not read", errno);
            if (got == 0) break;
            const auto bytes = std::span(buffer).first(static_cast<std::size_t>(got));
            sha.add(bytes);
            for (std::size_t at = 0; at < bytes.size();) {
                const ssize_t put = write(to.get(), bytes.data() + at, bytes.size() - at);
                if (put < 0 && errno == EINTR) continue;
                if (put < 0) return file_failure(part, "could not write", errno);
                at += static_cast<std::size_t>(put);
            }
            copied += bytes.size();
            if (progress) progress(bytes.size());
        }
        if (copied != static_cast<std::uint64_t>(status.st_size))
            return fail(ErrorCode::busy, original.string() + " changed while it was copied",
                        "Wait until it is complete, then try again.");
        const timespec times[] = {status.st_atim, status.st_mtim};
        futimens(to.get(), times);
        if (fsync(to.get()) != 0) return file_failure(part, "could not write", errno);
        written = sha.finish();
    }
    auto kept = hash_of(part, {}, cancel);
    if (!kept) return kept.failure();
    if (*kept != written)
        return fail(ErrorCode::corrupt, part.string() + " does not hold what was written to it",
                    "The disk may be failing; choose another one.");
    return {};
}

}  // namespace

std::optional<FileFacts> facts_of(const fs::path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    return FileFacts{static_cast<std::uint64_t>(status.st_dev),
                     static_cast<std::uint64_t>(status.st_ino),
                     static_cast<std::uint64_t>(status.st_size),
                     static_cast<std::uint64_t>(status.st_blocks) * 512,
                     std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                     static_cast<unsigned>(status.st_nlink)};
}

std::uint64_t device_of_folder(const fs::path& folder) {
    struct stat status {};
    return stat(folder.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_dev) : 0;
}

Failure file_failure(const fs::path& path, std::string_view doing, int number) {
    const std::string what = std::string(doing) + " " + path.string() + ": " + std::strerror(number);
    switch (number) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return fail(ErrorCode::no_space, what, "Free some space, then try again.");
        case EACCES:
        case EPERM:
        case EROFS:
            return fail(ErrorCode::read_only, what, "Check who may write there.");
        case ENOENT:
        case ENOTDIR:
        case ENODEV:
        case ENXIO:
            return fail(ErrorCode::not_found, what, "It may have been moved, or its disk removed.");
        default:
            return fail(ErrorCode::io, what, "Check the disk, then try again.");
    }
}

Result<bool> same_bytes(const fs::path& a, const fs::path& b, const Bytes& progress,
                        const CancelToken& cancel) {
    const Descriptor first(a, O_RDONLY), second(b, O_RDONLY);
    if (!first.ok()) return file_failure(a, "could not read", errno);
    if (!second.ok()) return file_failure(b, "could not read", errno);
    std::vector<std::byte> left(kStep), right(kStep);
    while (true) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped while comparing " + a.string());
        const ssize_t got = read_full(first.get(), left);
        if (got < 0) return file_failure(a, "could not read", errno);
        const ssize_t other = read_full(second.get(), right);
        if (other < 0) return file_failure(b, "could not read", errno);
        if (got != other || std::memcmp(left.data(), right.data(), static_cast<std::size_t>(got)) != 0)
            return false;
        if (got == 0) return true;
        if (progress) progress(static_cast<std::uint64_t>(got) * 2);
    }
}

Result<void> copy_whole(const fs::path& original, const fs::path& copy, const Bytes& progress,
                        const CancelToken& cancel) {
    const fs::path part = copy.string() + copying_suffix;
    auto copied = copy_bytes(original, part, progress, cancel);
    if (!copied) {
        unlink(part.c_str());
        return copied;
    }
    if (rename(part.c_str(), copy.c_str()) != 0) {
        const int number = errno;
        unlink(part.c_str());
        return file_failure(copy, "could not write", number);
    }
    return sync_folder(copy.parent_path());
}

Result<bool> share_bytes(const fs::path& original, const fs::path& path) {
    const fs::path part = path.string() + linking_suffix;
    unlink(part.c_str());
    bool reflinked = false;
    {
        const Descriptor from(original, O_RDONLY);
        if (!from.ok()) return file_failure(original, "could not read", errno);
        struct stat status {};
        if (fstat(from.get(), &status) != 0) return file_failure(original, "could not read", errno);
        const Descriptor to(part, O_WRONLY | O_CREAT | O_EXCL, status.st_mode & 0777);
        if (!to.ok()) return file_failure(part, "could not write", errno);
        reflinked = ioctl(to.get(), FICLONE, from.get()) == 0;
        if (reflinked) {
            const timespec times[] = {status.st_atim, status.st_mtim};
            futimens(to.get(), times);
            if (fsync(to.get()) != 0) {
                const int number = errno;
                unlink(part.c_str());
                return file_failure(part, "could not write", number);
            }
        }
    }
    if (!reflinked) {
        unlink(part.c_str());
        // Of a link itself: the file that it leads to, wherever that is.
        if (linkat(AT_FDCWD, original.c_str(), AT_FDCWD, part.c_str(), AT_SYMLINK_FOLLOW) != 0) {
            if (errno == EXDEV)
                return fail(ErrorCode::unsupported,
                            original.string() + " and " + path.string() + " lie on different file systems",
                            "Move one of them to the other's disk first.");
            return file_failure(path, "could not link", errno);
        }
    }
    if (rename(part.c_str(), path.c_str()) != 0) {
        const int number = errno;
        unlink(part.c_str());
        return file_failure(path, "could not write", number);
    }
    // Two names of one file are not renamed onto each other: the system leaves both.
    unlink(part.c_str());
    if (auto synced = sync_folder(path.parent_path()); !synced) return synced.failure();
    return reflinked;
}

Result<void> sync_folder(const fs::path& folder) {
    const Descriptor opened(folder, O_RDONLY | O_DIRECTORY);
    if (!opened.ok()) return file_failure(folder, "could not open", errno);
    // Some file systems cannot flush a folder; they say EINVAL and keep no order anyway.
    if (fsync(opened.get()) != 0 && errno != EINVAL) return file_failure(folder, "could not write", errno);
    return {};
}

Result<void> make_folders(const fs::path& folder) {
    std::error_code trouble;
    fs::create_directories(folder, trouble);
    if (trouble) return file_failure(folder, "could not make", trouble.value());
    return {};
}

void remove_empty_folders(fs::path folder, const fs::path& top) {
    while (folder != top && folder.has_relative_path() && folder.string().starts_with(top.string())) {
        if (rmdir(folder.c_str()) != 0) return;
        folder = folder.parent_path();
    }
}

std::uint64_t free_bytes(const fs::path& path) {
    fs::path there = path;
    struct statvfs status {};
    while (statvfs(there.c_str(), &status) != 0) {
        if (!there.has_relative_path()) return 0;
        there = there.parent_path();
    }
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace pellucid::library
