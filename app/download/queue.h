// All items and their order: which of them run, and what is said about each. Lives on one thread;
// downloads.cpp drives it.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "app/download/transfer.h"

namespace pellucid::download {

class Queue {
public:
    /// `online`: false while the offline switch is on.
    Queue(Environment environment, DownloadSettings settings, std::function<bool()> online);
    ~Queue();

    /// What the store held. Items that ran or waited go on.
    void take_over(std::vector<StoredItem> items);
    void add(StoredItem item);
    void pause(ItemId id);
    void resume(ItemId id, bool anew);
    void cancel(ItemId id);
    void forget(ItemId id);
    void set_priority(ItemId id, int priority);
    std::vector<ItemId> ids() const;
    void set_settings(const DownloadSettings& settings);

    /// Lets everything go on that may, stops what may not. Returns how many milliseconds may go by until the
    /// next call.
    std::int64_t tick();
    /// Stops everything; states stay as they are in the store.
    void stop();
    /// In the order they are shown.
    std::vector<ItemStatus> statuses() const;
    /// Something was changed since the last call.
    bool take_changed();

private:
    struct Entry {
        StoredItem item;
        std::unique_ptr<Transfer> transfer;
        std::vector<std::uint64_t> kept;  // bytes of each file that an earlier run left
    };
    Transfer& transfer_of(Entry& entry);
    void outcome_changed(ItemId id);
    void set_state(Entry& entry, State state, Reason reason = Reason::none, std::string detail = {});
    std::vector<Entry*> ordered();
    std::vector<const Entry*> ordered() const;

    Environment env_;
    DownloadSettings settings_;
    std::function<bool()> online_;
    std::map<ItemId, std::unique_ptr<Entry>> entries_;
    bool changed_ = true, stopping_ = false;
};

}  // namespace pellucid::download
