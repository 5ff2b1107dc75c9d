#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "app/download/disk.h"

namespace pellucid::download {
namespace {

Failure refused(int number, const std::string& what, const std::filesystem::path& path) {
    const std::string text = "could not " + what + " " + path.string() + ": " + std::strerror(number);
    switch (number) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return fail(ErrorCode::no_space, text, "free some space or choose another disk");
        case EROFS:
        case EACCES:
        case EPERM:
            return fail(ErrorCode::read_only, text, "choose a folder that you may write to");
        case ENOENT:
        case ENOTDIR:
        case ENODEV:
        case ENXIO:
        case ESTALE:
            return fail(ErrorCode::not_found, text, "connect the disk again or choose another folder");
        case EWOULDBLOCK:
            return fail(ErrorCode::busy, text, "close the other program that downloads it");
        default:
            return fail(ErrorCode::io, text, "check the disk");
    }
}

class PosixFile final : public DiskFile {
public:
    PosixFile(int file, std::filesystem::path path) : file_(file), path_(std::move(path)) {}
    ~PosixFile() override { close(file_); }

    Result<void> reserve(std::uint64_t bytes) override {
        struct stat known {};
        if (fstat(file_, &known) != 0) return refused(errno, "look at", path_);
        if (bytes == 0) return cut(0);
        const auto length = static_cast<off_t>(bytes);
        int number = 0;
        while ((number = posix_fallocate_once(length)) == EINTR) {
        }
        if (number == EOPNOTSUPP || number == ENOSYS || number == EINVAL) return cut(bytes);
        if (number != 0) {
            // What a failed reservation took is given back.
            [[maybe_unused]] const int undone = ftruncate(file_, known.st_size);
            return refused(number, "reserve room for", path_);
        }
        if (static_cast<std::uint64_t>(known.st_size) > bytes) return cut(bytes);
        return {};
    }
    Result<void> cut(std::uint64_t bytes) override {
        if (ftruncate(file_, static_cast<off_t>(bytes)) != 0) return refused(errno, "write", path_);
        return {};
    }
    Result<std::uint64_t> size() override {
        struct stat known {};
        if (fstat(file_, &known) != 0) return refused(errno, "look at", path_);
        return static_cast<std::uint64_t>(known.st_size);
    }
    Result<void> write(std::uint64_t at, std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const ssize_t put = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return refused(put < 0 ? errno : ENOSPC, "write", path_);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
            at += static_cast<std::uint64_t>(put);
        }
        return {};
    }
    Result<void> read(std::uint64_t at, std::span<std::byte> to) override {
        while (!to.empty()) {
            const ssize_t got = pread(file_, to.data(), to.size(), static_cast<off_t>(at));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return refused(errno, "read", path_);
            if (got == 0) return fail(ErrorCode::io, path_.string() + " ends too early", "check the disk");
            to = to.subspan(static_cast<std::size_t>(got));
            at += static_cast<std::uint64_t>(got);
        }
        return {};
    }
    Result<void> sync() override {
        if (fsync(file_) != 0) return refused(errno, "write", path_);
        return {};
    }

private:
    /// The system call itself: the C library's posix_fallocate would write zeros where a file system cannot
    /// reserve.
    int posix_fallocate_once(off_t length) { return fallocate(file_, 0, 0, length) == 0 ? 0 : errno; }
    int file_;
    std::filesystem::path path_;
};

Result<void> sync_folder(const std::filesystem::path& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return refused(errno, "open", folder);
    const int number = fsync(file) == 0 ? 0 : errno;
    close(file);
    // Some file systems have no such thing.
    if (number != 0 && number != EINVAL) return refused(number, "write", folder);
    return {};
}

}  // namespace

Result<std::unique_ptr<DiskFile>> PosixDisk::open(const std::filesystem::path& path, bool make) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | (make ? O_CREAT : 0), 0644);
    if (file < 0) return refused(errno, "open", path);
    struct stat known {};
    if (fstat(file, &known) != 0 || !S_ISREG(known.st_mode)) {
        close(file);
        return fail(ErrorCode::io, path.string() + " is not a regular file",
                    "remove it or choose another folder");
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(file);
        return refused(EWOULDBLOCK, "lock", path);
    }
    return std::unique_ptr<DiskFile>(std::make_unique<PosixFile>(file, path));
}

Result<std::optional<std::uint64_t>> PosixDisk::size_of(const std::filesystem::path& path) {
    struct stat known {};
    if (stat(path.c_str(), &known) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::uint64_t>();
        return refused(errno, "look at", path);
    }
    return std::optional<std::uint64_t>(static_cast<std::uint64_t>(known.st_size));
}

Result<void> PosixDisk::make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return refused(error.value(), "make the folder", path);
    return {};
}

Result<void> PosixDisk::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            return fail(ErrorCode::busy, to.string() + " is there already", "move it away first");
        if (errno != EINVAL && errno != ENOSYS) return refused(errno, "rename", from);
        // This file system cannot promise it; looked at first, then.
        if (access(to.c_str(), F_OK) == 0)
            return fail(ErrorCode::busy, to.string() + " is there already", "move it away first");
        if (::rename(from.c_str(), to.c_str()) != 0) return refused(errno, "rename", from);
    }
    return sync_folder(to.parent_path());
}

Result<void> PosixDisk::remove(const std::filesystem::path& path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
        return refused(errno, "remove", path);
    return {};
}

Result<std::uint64_t> PosixDisk::free_bytes(const std::filesystem::path& folder) {
    struct statvfs known {};
    if (statvfs(folder.c_str(), &known) != 0) return refused(errno, "look at", folder);
    return static_cast<std::uint64_t>(known.f_bavail) * known.f_frsize;
}

}  // namespace pellucid::download
