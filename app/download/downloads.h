// The download manager: a queue of items, a few of them running, each resumable after any stop. The window
// and the command line hold one. Everything happens on its own threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/download/item.h"
#include "engine/base/cancel.h"

namespace pellucid::network {
class HttpClient;
class OfflineSwitch;
}  // namespace pellucid::network

namespace pellucid::download {

class Clock;
class Disk;
class DownloadStore;

/// Hours of the day in which downloads may run, local time. from == to: always. May go over midnight.
struct Schedule {
    int from_minute = 0, to_minute = 0;  ///< minutes since midnight, 0 to 1439
    bool operator==(const Schedule&) const = default;
};

/// What a person sets; may change at any time.
struct DownloadSettings {
    int running_items = 1;               ///< at most so many at once
    int connections = 4;                 ///< at most so many for an item
    std::uint64_t bytes_per_second = 0;  ///< over all items; 0: no limit
    Schedule schedule;
};

/// Times and sizes that tests shorten. Defaults are for people.
struct DownloadTuning {
    std::uint64_t block_bytes = digest::default_block_bytes;  ///< where the file's own blocks are not known
    std::uint64_t request_bytes = std::uint64_t{64} << 20;    ///< at most so many in one request
    int stall_ms = 30'000;    ///< without a byte for so long, a connection is given up
    int back_off_ms = 1'000;  ///< after the first failure; doubles, with jitter
    int back_off_most_ms = 60'000;
    int attempts = 8;  ///< failures in a row without one byte, then the item pauses
    int retry_after_most_ms = 6 * 3600 * 1000;
    int check_slowly_ms = 500;  ///< how often the schedule and limits are looked at
};

/// Thread safe. Calls return at once; what they cause is seen in items() and told to the observer.
class Downloads {
public:
    struct Parts {
        network::HttpClient& network;
        network::OfflineSwitch& offline;
        Disk& disk;
        Clock& clock;
        DownloadStore& store;
        /// Headers for an address (a hub's token); called when a request is made, its answer never stored.
        /// May be empty.
        std::function<std::vector<std::pair<std::string, std::string>>(const std::string& url)> headers_for;
    };
    /// Loads what the store holds: items that ran go on, paused ones stay paused. The parts must outlive it.
    explicit Downloads(Parts parts, DownloadSettings settings = {}, DownloadTuning tuning = {});
    /// Stops everything where it stands; the next start goes on from there.
    ~Downloads();
    Downloads(const Downloads&) = delete;
    Downloads& operator=(const Downloads&) = delete;

    /// Queues an item. invalid_argument: no files, no addresses, a name that may not be (check_name), a
    /// digest that is none, two files of one name; errors of the store. An item with the same folder and
    /// files that is not complete is not added twice: its id comes back.
    Result<ItemId> add(ItemSpec spec);
    void pause(ItemId id);
    /// Also says "try again" to an item that is paused for any reason or waits.
    void resume(ItemId id);
    /// As resume(); where the reason is changed_on_server or wrong_digest, what is there is no longer held to
    /// be good: with a digest every block is kept and checked again, without one the file is fetched from the
    /// beginning.
    void retry(ItemId id);
    /// Stops, removes its partial files and takes it off the list. Files in place stay.
    void cancel(ItemId id);
    /// Takes a complete item off the list; nothing for others.
    void forget(ItemId id);
    void set_priority(ItemId id, int priority);
    void pause_all();
    void resume_all();

    void set_settings(DownloadSettings settings);
    DownloadSettings settings() const;

    /// All items, running ones first, then by priority and age.
    std::vector<ItemStatus> items() const;
    std::optional<ItemStatus> item(ItemId id) const;
    /// What a complete item holds; not_found otherwise.
    Result<std::vector<CompletedFile>> completed(ItemId id) const;

    /// Called after changes, at most about ten times a second, on a thread of its own; the last change of a
    /// burst is always told. Empty: none. When this returns the old one is not running and will not be called
    /// again. Not to be called from inside the observer.
    void observe(std::function<void()> changed);
    /// Waits until the item is complete or paused; cancelled, not_found. For the command line and tests.
    Result<ItemStatus> wait(ItemId id, const CancelToken& cancel) const;

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace pellucid::download
