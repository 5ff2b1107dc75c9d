#include "storage/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

std::string contents(int descriptor) {
    std::array<char, 64> buffer{};
    const ssize_t size = pread(descriptor, buffer.data(), buffer.size(), 0);
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

bool overwrite(int descriptor, const std::string& text) {
    return pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
           ftruncate(descriptor, static_cast<off_t>(text.size())) == 0;
}

}  // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail(error_of_errno(errno, path, "could not open"));
    int status;
    do status = flock(descriptor, LOCK_EX | LOCK_NB);
    while (status != 0 && errno == EINTR);
    if (status != 0) {
        const int number = errno;
        const std::string holder = contents(descriptor);
        close(descriptor);
        if (number != EWOULDBLOCK) return fail(error_of_errno(number, path, "could not lock"));
        const std::string pid = holder.substr(0, holder.find(' '));
        return fail(ErrorCode::busy,
                    "Pellucid is already open on this data folder" +
                        (pid.empty() ? "" : " (process " + pid + ")") + ": " + path.parent_path().string(),
                    "Use the window that is open, or start this one with another --data-dir.");
    }
    const std::string before = contents(descriptor);
    const bool unclean = before.find(" open") != std::string::npos;
    if (!overwrite(descriptor, std::to_string(getpid()) + " open\n")) {
        const int number = errno;
        close(descriptor);
        return fail(error_of_errno(number, path, "could not write"));
    }
    return FileLock(descriptor, unclean);
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), previous_was_unclean_(other.previous_was_unclean_) {}

FileLock::~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

void FileLock::mark_clean() {
    overwrite(descriptor_, std::to_string(getpid()) + " shut\n");
}

}  // namespace pellucid::storage
