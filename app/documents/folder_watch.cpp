#include "app/documents/folder_watch.h"

#include <dirent.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace pellucid::documents {

namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_ONLYDIR | IN_DONT_FOLLOW |
                                  IN_EXCL_UNLINK;
constexpr int kDeepest = 64;

std::string joined(const std::string& folder, const char* name) {
    return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

bool is_folder(const std::string& path) {
    std::error_code trouble;
    return std::filesystem::is_directory(path, trouble);
}

}  // namespace

Result<std::unique_ptr<FolderWatch>> FolderWatch::start(Changed changed, const FolderWatchOptions& options) {
    const int inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (inotify < 0 || wake < 0) {
        const int number = errno;
        if (inotify >= 0) close(inotify);
        if (wake >= 0) close(wake);
        return fail(ErrorCode::io, std::string("folders cannot be followed: ") + std::strerror(number),
                    "Close programs that watch many folders, or look through the folders by hand.");
    }
    return std::unique_ptr<FolderWatch>(new FolderWatch(inotify, wake, std::move(changed), options));
}

FolderWatch::FolderWatch(int inotify, int wake, Changed changed, const FolderWatchOptions& options)
    : inotify_(inotify), wake_(wake), changed_(std::move(changed)), options_(options), thread_([this] {
          work();
      }) {}

FolderWatch::~FolderWatch() {
    stopping_ = true;
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
    thread_.join();
    close(inotify_);
    close(wake_);
}

void FolderWatch::set_folders(const std::vector<std::string>& folders) {
    const std::lock_guard lock(mutex_);
    const std::set<std::string> wanted(folders.begin(), folders.end());
    for (auto at = roots_.begin(); at != roots_.end();) {
        if (wanted.contains(at->first)) {
            ++at;
            continue;
        }
        const std::string gone = at->first;
        at = roots_.erase(at);
        std::vector<int> theirs;
        for (const auto& [number, watch] : watches_)
            if (watch.root == gone) theirs.push_back(number);
        for (const int number : theirs) {
            inotify_rm_watch(inotify_, number);
            by_folder_.erase(watches_[number].folder);
            watches_.erase(number);
        }
    }
    for (const std::string& folder : wanted) {
        const auto [at, fresh] = roots_.try_emplace(folder);
        if (!fresh) continue;
        at->second.looked = std::chrono::steady_clock::now();
        at->second.there = is_folder(folder);
        add_tree(folder, folder, 0);
    }
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
}

std::size_t FolderWatch::watches() const {
    const std::lock_guard lock(mutex_);
    return watches_.size();
}

void FolderWatch::add_tree(const std::string& root, const std::string& folder, int depth) {
    if (depth > kDeepest) return;
    const int number = inotify_add_watch(inotify_, folder.c_str(), kEvents);
    if (number < 0) {
        if (errno == ENOSPC) {
            limited_ = true;
            roots_[root].partly = true;
        }
        return;
    }
    // A folder of two roots is watched once: the outer one is told. A watch moves with its folder's name.
    if (const auto known = watches_.find(number); known != watches_.end())
        by_folder_.erase(known->second.folder);
    watches_[number] = {folder, root};
    by_folder_[folder] = number;
    // After the watch: what is made from now on comes as an event.
    DIR* list = opendir(folder.c_str());
    if (list == nullptr) return;
    std::vector<std::string> below;
    for (dirent* entry = readdir(list); entry != nullptr; entry = readdir(list)) {
        if (entry->d_name[0] == '.') continue;
        std::string path = joined(folder, entry->d_name);
        struct stat info {};
        if (entry->d_type == DT_DIR ||
            (entry->d_type == DT_UNKNOWN && lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)))
            below.push_back(std::move(path));
    }
    closedir(list);
    for (const std::string& path : below) add_tree(root, path, depth + 1);
}

void FolderWatch::drop_tree(const std::string& folder) {
    std::vector<int> theirs;
    for (const auto& [number, watch] : watches_)
        if (watch.folder == folder || watch.folder.starts_with(folder + "/")) theirs.push_back(number);
    for (const int number : theirs) {
        inotify_rm_watch(inotify_, number);
        by_folder_.erase(watches_[number].folder);
        watches_.erase(number);
    }
}

void FolderWatch::mark(const std::string& root) {
    const auto at = roots_.find(root);
    if (at == roots_.end()) return;
    const auto now = std::chrono::steady_clock::now();
    if (!at->second.changed) at->second.first = now;
    at->second.changed = true;
    at->second.last = now;
}

void FolderWatch::read_events() {
    alignas(inotify_event) char buffer[64 << 10];
    while (true) {
        const ssize_t got = read(inotify_, buffer, sizeof buffer);
        if (got <= 0) return;
        const std::lock_guard lock(mutex_);
        for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= got;) {
            inotify_event event{};
            std::memcpy(&event, buffer + at, sizeof event);
            const char* name = buffer + at + sizeof event;
            at += static_cast<ssize_t>(sizeof event + event.len);
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                // Something was lost, perhaps new folders: everything is watched and told anew.
                for (auto& [root, state] : roots_) {
                    drop_tree(root);
                    add_tree(root, root, 0);
                    mark(root);
                }
                continue;
            }
            const auto known = watches_.find(event.wd);
            if (known == watches_.end()) continue;
            const Watch watch = known->second;
            if ((event.mask & IN_IGNORED) != 0) {
                by_folder_.erase(watch.folder);
                watches_.erase(known);
                continue;
            }
            if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0) {
                if (watch.folder == watch.root) {
                    drop_tree(watch.root);
                    roots_[watch.root].there = false;
                    mark(watch.root);
                }
                continue;
            }
            if (event.len == 0 || name[0] == '.') continue;
            if ((event.mask & IN_ISDIR) != 0) {
                const std::string path = joined(watch.folder, name);
                if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) add_tree(watch.root, path, 0);
                if ((event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0) drop_tree(path);
            } else if ((event.mask & IN_CREATE) != 0) {
                continue;  // its writing ends with an event of its own
            }
            mark(watch.root);
        }
    }
}

int FolderWatch::tell_what_is_due() {
    std::vector<std::string> due;
    auto wait = options_.look_again;
    {
        const std::lock_guard lock(mutex_);
        const auto now = std::chrono::steady_clock::now();
        using std::chrono::milliseconds;
        const auto left = [&](auto since, milliseconds time) {
            return std::chrono::duration_cast<milliseconds>(since + time - now) + milliseconds(1);
        };
        for (auto& [root, state] : roots_) {
            if (left(state.looked, options_.look_again).count() <= 1) {
                state.looked = now;
                const bool there = is_folder(root);
                if (there && !state.there) add_tree(root, root, 0);
                if (there != state.there || state.partly) mark(root);
                state.there = there;
            }
            wait = std::min(wait, left(state.looked, options_.look_again));
            if (!state.changed) continue;
            const auto until =
                std::min(left(state.last, options_.quiet), left(state.first, options_.longest));
            if (until.count() <= 1) {
                state.changed = false;
                due.push_back(root);
            } else {
                wait = std::min(wait, until);
            }
        }
    }
    for (const std::string& root : due)
        if (!stopping_) changed_(root);
    return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 1, 600'000));
}

void FolderWatch::work() {
    while (!stopping_) {
        const int wait = tell_what_is_due();
        pollfd files[2] = {{inotify_, POLLIN, 0}, {wake_, POLLIN, 0}};
        if (poll(files, 2, wait) < 0 && errno != EINTR) return;
        std::uint64_t ignored = 0;
        (void)!read(wake_, &ignored, sizeof ignored);
        read_events();
    }
}

}  // namespace pellucid::documents
