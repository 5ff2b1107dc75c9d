#include "app/download/queue.h"

#include <algorithm>

namespace pellucid::download {
namespace {

/// An item that waits no longer than this keeps its place among the running ones.
constexpr std::int64_t kShortWaitMs = 15'000;

template <typename Entry>
bool goes_before(const Entry* a, const Entry* b) {
    const auto rank = [](const Entry* entry) {
        switch (entry->item.state) {
            case State::paused:
                return 1;
            case State::complete:
                return 2;
            default:
                return 0;
        }
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a->item.priority != b->item.priority) return a->item.priority > b->item.priority;
    return a->item.id < b->item.id;
}

}  // namespace

Queue::Queue(Environment environment, DownloadSettings settings, std::function<bool()> online)
    : env_(std::move(environment)), settings_(settings), online_(std::move(online)) {
    env_.bucket.set_rate(settings_.bytes_per_second);
}

Queue::~Queue() {
    stop();
}

void Queue::take_over(std::vector<StoredItem> items) {
    for (auto& item : items) {
        if (item.state == State::fetching || item.state == State::checking || item.state == State::waiting) {
            item.state = State::queued;
            item.reason = Reason::none;
        }
        add(std::move(item));
    }
}

void Queue::add(StoredItem item) {
    const ItemId id = item.id;
    auto entry = std::make_unique<Entry>();
    entry->item = std::move(item);
    for (const auto& file : entry->item.files) {
        std::uint64_t bytes = 0;
        if (!file.complete && file.block_bytes > 0 && file.spec.bytes)
            if (const auto blocks = env_.store.blocks(file.id))
                bytes = std::min(*file.spec.bytes, blocks->size() * file.block_bytes);
        entry->kept.push_back(bytes);
    }
    entries_[id] = std::move(entry);
    changed_ = true;
}

Transfer& Queue::transfer_of(Entry& entry) {
    if (!entry.transfer)
        entry.transfer =
            std::make_unique<Transfer>(env_, entry.item, [this, id = entry.item.id] { outcome_changed(id); });
    return *entry.transfer;
}

void Queue::set_state(Entry& entry, State state, Reason reason, std::string detail) {
    StoredItem& item = entry.item;
    if (item.state == state && item.reason == reason && item.detail == detail) return;
    const bool lasting = item.state != state || item.reason != reason;
    item.state = state;
    item.reason = reason;
    item.detail = std::move(detail);
    if (state == State::complete) item.completed_at_ms = env_.clock.wall_ms();
    changed_ = true;
    // A store that refuses costs no more than that the list is a little old after the next start.
    if (lasting && !stopping_) (void)env_.store.update(item);
}

void Queue::outcome_changed(ItemId id) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || !at->second->transfer) return;
    Entry& entry = *at->second;
    const Transfer& transfer = *entry.transfer;
    if (transfer.outcome() == Transfer::Outcome::complete) set_state(entry, State::complete);
    if (transfer.outcome() == Transfer::Outcome::paused)
        set_state(entry, State::paused, transfer.trouble().reason, transfer.trouble().detail);
}

void Queue::pause(ItemId id) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || at->second->item.state == State::complete) return;
    if (at->second->transfer) at->second->transfer->stop();
    if (at->second->item.state != State::paused) set_state(*at->second, State::paused, Reason::by_person);
}

void Queue::resume(ItemId id, bool anew) {
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    Entry& entry = *at->second;
    if (entry.item.state != State::paused && entry.item.state != State::waiting) return;
    const Reason why = entry.item.reason;
    Transfer& transfer = transfer_of(entry);
    transfer.stop();
    transfer.forget_troubles(anew ? why : Reason::none);
    set_state(entry, State::queued);
}

void Queue::cancel(ItemId id) {
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    if (at->second->item.state != State::complete) transfer_of(*at->second).remove_partial();
    (void)env_.store.remove(id);
    entries_.erase(at);
    changed_ = true;
}

void Queue::forget(ItemId id) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || at->second->item.state != State::complete) return;
    (void)env_.store.remove(id);
    entries_.erase(at);
    changed_ = true;
}

void Queue::set_priority(ItemId id, int priority) {
    const auto at = entries_.find(id);
    if (at == entries_.end()) return;
    at->second->item.priority = priority;
    (void)env_.store.update(at->second->item);
    changed_ = true;
}

std::vector<ItemId> Queue::ids() const {
    std::vector<ItemId> all;
    for (const auto& [id, entry] : entries_) all.push_back(id);
    return all;
}

void Queue::set_settings(const DownloadSettings& settings) {
    const bool restart = settings.connections != settings_.connections;
    settings_ = settings;
    env_.bucket.set_rate(settings_.bytes_per_second);
    if (restart)
        for (auto& [id, entry] : entries_)
            if (entry->transfer && entry->transfer->outcome() == Transfer::Outcome::running)
                entry->transfer->stop();
    changed_ = true;
}

std::vector<Queue::Entry*> Queue::ordered() {
    std::vector<Entry*> all;
    for (auto& [id, entry] : entries_) all.push_back(entry.get());
    std::sort(all.begin(), all.end(), goes_before<Entry>);
    return all;
}

std::vector<const Queue::Entry*> Queue::ordered() const {
    std::vector<const Entry*> all;
    for (auto& [id, entry] : entries_) all.push_back(entry.get());
    std::sort(all.begin(), all.end(), goes_before<const Entry>);
    return all;
}

std::int64_t Queue::tick() {
    const std::int64_t now = env_.clock.steady_ms();
    const Reason held = !online_()                                                 ? Reason::offline
                        : !is_open(settings_.schedule, env_.clock.minute_of_day()) ? Reason::schedule
                                                                                   : Reason::none;
    std::int64_t next = env_.tuning.check_slowly_ms;
    int places = std::max(1, settings_.running_items);
    for (Entry* entry : ordered()) {
        if (entry->item.state == State::paused || entry->item.state == State::complete) continue;
        Transfer* transfer = entry->transfer.get();
        const bool running = transfer != nullptr && transfer->outcome() == Transfer::Outcome::running;
        if (held != Reason::none || places == 0) {
            if (running) transfer->stop();
            set_state(*entry, held != Reason::none ? State::waiting : State::queued, held);
            continue;
        }
        if (!running) transfer_of(*entry).start(settings_.connections);
        transfer = entry->transfer.get();
        transfer->tick();
        if (transfer->outcome() != Transfer::Outcome::running) {
            next = 0;  // its place is free
            continue;
        }
        const std::int64_t wake = transfer->wakes_at_ms();
        if (wake == 0 || wake - now <= kShortWaitMs) --places;
        if (wake != 0) {
            set_state(*entry, State::waiting, transfer->trouble().reason, transfer->trouble().detail);
            next = std::clamp<std::int64_t>(wake - now, 0, next);
        } else {
            set_state(*entry, transfer->checking() ? State::checking : State::fetching);
            next = std::min<std::int64_t>(next, 100);
            if (const auto wait = env_.bucket.wait_ms(now); wait > 0) next = std::min(next, wait);
        }
    }
    return next;
}

void Queue::stop() {
    stopping_ = true;
    for (auto& [id, entry] : entries_) entry->transfer.reset();
}

std::vector<ItemStatus> Queue::statuses() const {
    std::vector<ItemStatus> all;
    int place = 0;
    for (const Entry* entry : ordered()) {
        const StoredItem& item = entry->item;
        ItemStatus status;
        status.id = item.id;
        status.title = item.title;
        status.note = item.note;
        status.folder = item.folder;
        status.state = item.state;
        status.reason = item.reason;
        status.detail = item.detail;
        status.priority = item.priority;
        status.added_at_ms = item.added_at_ms;
        status.completed_at_ms = item.completed_at_ms;
        if (item.state == State::queued) status.place = place++;
        if (entry->transfer) {
            entry->transfer->describe(status);
            if (item.state == State::waiting && entry->transfer->wakes_at_ms() != 0)
                status.wakes_at_ms =
                    env_.clock.wall_ms() + entry->transfer->wakes_at_ms() - env_.clock.steady_ms();
        } else {
            status.bytes_total = 0;
            for (std::size_t i = 0; i < item.files.size(); ++i) {
                const StoredFile& file = item.files[i];
                FileStatus one;
                one.name = file.spec.name;
                one.path = item.folder / file.spec.name;
                one.bytes_total = file.spec.bytes;
                one.complete = file.complete;
                one.bytes_done = entry->kept[i];
                if (file.complete) one.bytes_done = one.bytes_checked = file.spec.bytes.value_or(0);
                status.bytes_done += one.bytes_done;
                status.bytes_checked += one.bytes_checked;
                if (status.bytes_total && one.bytes_total)
                    *status.bytes_total += *one.bytes_total;
                else
                    status.bytes_total.reset();
                status.files.push_back(std::move(one));
            }
        }
        if (item.state != State::fetching) {
            status.bytes_per_second = 0;
            status.seconds_left.reset();
        }
        all.push_back(std::move(status));
    }
    return all;
}

bool Queue::take_changed() {
    return std::exchange(changed_, false);
}

}  // namespace pellucid::download
