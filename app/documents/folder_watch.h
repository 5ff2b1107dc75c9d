// Says when something below a folder has changed: inotify, recursive, patient with a program that is still
// writing.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/error.h"

namespace pellucid::documents {

struct FolderWatchOptions {
    std::chrono::milliseconds quiet{2000};     ///< nothing more has happened for so long
    std::chrono::milliseconds longest{20000};  ///< and at the latest after so long
    /// Where the system's watches are used up, and for disks that come and go: looked at that often.
    std::chrono::milliseconds look_again{600'000};
};

/// What has changed is for the listener to find out, by scan_folder(): so a lost event (the queue's overflow)
/// costs a scan and no more.
class FolderWatch {
public:
    /// On the watch's thread: something below `folder` is new, changed, renamed or gone.
    using Changed = std::function<void(const std::string& folder)>;
    /// io: the system gives no inotify.
    static Result<std::unique_ptr<FolderWatch>> start(Changed changed,
                                                      const FolderWatchOptions& options = {});
    ~FolderWatch();

    /// These folders and no others from now on; absolute. One that is not there is looked for now and then.
    void set_folders(const std::vector<std::string>& folders);
    /// Folders below those of set_folders() are watched too. Fewer than there are: the system's limit was
    /// met.
    std::size_t watches() const;
    bool limited() const { return limited_; }

private:
    struct Root {
        std::chrono::steady_clock::time_point first, last, looked;
        bool changed = false, there = false, partly = false;
    };
    FolderWatch(int inotify, int wake, Changed changed, const FolderWatchOptions& options);
    void work();
    void read_events();
    void mark(const std::string& root);
    /// Watches `folder` and those below. PRECONDITION: mutex_ is held.
    void add_tree(const std::string& root, const std::string& folder, int depth);
    void drop_tree(const std::string& folder);
    /// Milliseconds to wait; tells what is due.
    int tell_what_is_due();

    const int inotify_, wake_;
    const Changed changed_;
    const FolderWatchOptions options_;
    mutable std::mutex mutex_;
    std::map<std::string, Root> roots_;
    struct Watch {
        std::string folder, root;
    };
    std::map<int, Watch> watches_;
    std::map<std::string, int> by_folder_;
    std::atomic<bool> stopping_{false}, limited_{false};
    std::thread thread_;
};

}  // namespace pellucid::documents
