#include "app/download/downloads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "app/download/queue.h"
#include "app/download/thread_queue.h"
#include "app/network/offline_switch.h"

namespace pellucid::download {
namespace {

constexpr auto kBetweenPictures = std::chrono::milliseconds(100);

Result<void> check(const ItemSpec& spec) {
    const auto bad = [](std::string what) {
        return fail(ErrorCode::invalid_argument, std::move(what), "choose the model's files again");
    };
    if (spec.files.empty()) return bad("there is nothing to download");
    if (!spec.folder.is_absolute()) return bad("'" + spec.folder.string() + "' is not a whole path");
    std::set<std::string> names;
    for (const auto& file : spec.files) {
        PELLUCID_CHECK(check_name(file.name));
        if (!names.insert(file.name).second) return bad("two files are named '" + file.name + "'");
        if (file.urls.empty()) return bad("no address is known for '" + file.name + "'");
        for (const auto& url : file.urls)
            if (!url.starts_with("https://") && !url.starts_with("http://"))
                return bad("'" + url + "' is not a web address");
        if (!file.sha256.empty() && !digest::from_hex(file.sha256))
            return bad("the digest of '" + file.name + "' is not a SHA-256");
        const auto& blocks = file.blocks;
        if (blocks.known() &&
            (blocks.block_bytes == 0 || file.bytes != blocks.file_bytes ||
             digest::block_count(blocks.file_bytes, blocks.block_bytes) != blocks.blocks.size()))
            return bad("the digests of the blocks of '" + file.name + "' do not belong to its size");
        if (file.repair && !blocks.known())
            return bad("to repair '" + file.name + "' the digests of its blocks are needed");
    }
    return {};
}

}  // namespace

struct Downloads::Core {
    Core(Parts given, DownloadSettings start, DownloadTuning tuning)
        : parts(std::move(given)),
          settings(start),
          queue({parts.network, parts.disk, parts.clock, parts.store, parts.headers_for, tuning, bucket,
                 [this](std::function<void()> closure) { worker.post(std::move(closure)); },
                 [this](std::function<void()> closure) { post(std::move(closure)); }},
                start, [this] { return !parts.offline.on(); }) {
        if (auto items = parts.store.load()) {
            queue.take_over(*std::move(items));
        }
        publish();
        listener = parts.offline.listen([this](bool) { command([](Queue&) {}); });
        thread = std::thread([this] { run(); });
        teller = std::thread([this] { tell(); });
    }

    ~Core() {
        listener.reset();
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        arrived.notify_all();
        {
            const std::lock_guard lock(picture_mutex);
            closing = true;
        }
        picture_changed.notify_all();
        thread.join();
        teller.join();
        worker.stop();
    }

    void post(std::function<void()> closure) {
        {
            const std::lock_guard lock(mutex);
            closures.push_back(std::move(closure));
        }
        arrived.notify_one();
    }
    /// Something a person wants: looked at now.
    void command(std::function<void(Queue&)> what) {
        post([this, what = std::move(what), number = ++orders_given] {
            what(queue);
            orders_done = std::max(orders_done, number);
            due = true;
        });
    }

    void run() {
        auto next_tick = std::chrono::steady_clock::now();
        auto next_picture = next_tick;
        for (;;) {
            std::deque<std::function<void()>> batch;
            bool last = false;
            {
                std::unique_lock lock(mutex);
                arrived.wait_until(lock, next_tick, [&] { return stopping || !closures.empty(); });
                batch.swap(closures);
                last = stopping;
            }
            for (auto& closure : batch) closure();
            if (last) break;  // after what was ordered before: a resume is not lost because the program closes
            const auto now = std::chrono::steady_clock::now();
            bool changed = queue.take_changed() || due;
            if (due || changed || now >= next_tick) {
                due = false;
                next_tick = now + std::chrono::milliseconds(queue.tick());
                changed |= queue.take_changed();
            }
            if (changed || now >= next_picture) {
                next_picture = now + kBetweenPictures;
                publish();
            }
        }
        queue.stop();
    }

    void publish() {
        auto statuses = queue.statuses();
        {
            const std::lock_guard lock(picture_mutex);
            const bool same = !picture.empty() || !statuses.empty();
            for (auto at = cancelled.begin(); at != cancelled.end();) {
                const auto same_id = [&](const auto& status) { return status.id == *at; };
                std::erase_if(added, same_id);
                at = std::erase_if(statuses, same_id) > 0 ? std::next(at) : cancelled.erase(at);
            }
            picture = std::move(statuses);
            // What was added a moment ago and is not in the queue yet.
            for (auto at = added.begin(); at != added.end();) {
                const bool known = std::any_of(picture.begin(), picture.end(),
                                               [&](const auto& s) { return s.id == at->id; });
                if (known) {
                    at = added.erase(at);
                } else {
                    picture.push_back(*at);
                    ++at;
                }
            }
            if (same) ++picture_number;
            orders_shown = orders_done;
        }
        picture_changed.notify_all();
    }

    void tell() {
        std::uint64_t told = 0;
        std::unique_lock lock(picture_mutex);
        for (;;) {
            picture_changed.wait(lock, [&] { return closing || told != picture_number; });
            if (closing) return;
            told = picture_number;
            lock.unlock();
            {
                const std::lock_guard calling(observer_mutex);
                if (observer) observer();
            }
            lock.lock();
            picture_changed.wait_for(lock, kBetweenPictures, [&] { return closing; });
        }
    }

    Parts parts;
    std::mutex settings_mutex;
    DownloadSettings settings;
    TokenBucket bucket;
    ThreadQueue worker;
    std::mutex mutex;  // guards the next two
    std::deque<std::function<void()>> closures;
    bool stopping = false;
    std::condition_variable arrived;
    Queue queue;       // of the thread
    bool due = false;  // of the thread
    std::atomic<std::uint64_t> orders_given = 0;
    std::uint64_t orders_done = 0;     // of the thread
    mutable std::mutex picture_mutex;  // guards the next six
    std::vector<ItemStatus> picture, added;
    std::set<ItemId> cancelled;  // and not shown any more, though the queue may still hold them
    std::uint64_t picture_number = 0, orders_shown = 0;
    bool closing = false;
    mutable std::condition_variable picture_changed;
    std::mutex observer_mutex;
    std::function<void()> observer;
    std::mutex add_mutex;
    std::unique_ptr<network::OfflineSwitch::Listener> listener;
    std::thread thread, teller;
};

Downloads::Downloads(Parts parts, DownloadSettings settings, DownloadTuning tuning)
    : core_(std::make_unique<Core>(std::move(parts), settings, tuning)) {}

Downloads::~Downloads() = default;

Result<ItemId> Downloads::add(ItemSpec spec) {
    PELLUCID_CHECK(check(spec));
    const std::lock_guard adding(core_->add_mutex);
    for (const auto& known : items()) {
        if (known.state == State::complete || known.folder != spec.folder ||
            known.files.size() != spec.files.size())
            continue;
        bool same = true;
        for (std::size_t i = 0; i < known.files.size(); ++i)
            same &= known.files[i].name == spec.files[i].name;
        if (same) return known.id;
    }
    StoredItem item;
    item.title = std::move(spec.title);
    item.note = std::move(spec.note);
    item.folder = std::move(spec.folder);
    item.priority = spec.priority;
    item.added_at_ms = core_->parts.clock.wall_ms();
    for (auto& file : spec.files) {
        StoredFile stored;
        stored.etags.resize(file.urls.size());
        stored.spec = std::move(file);
        if (stored.spec.blocks.known()) stored.block_bytes = stored.spec.blocks.block_bytes;
        item.files.push_back(std::move(stored));
    }
    PELLUCID_CHECK(core_->parts.store.add(item));
    ItemStatus status;
    status.id = item.id;
    status.title = item.title;
    status.note = item.note;
    status.folder = item.folder;
    status.priority = item.priority;
    status.added_at_ms = item.added_at_ms;
    for (const auto& file : item.files) {
        FileStatus one;
        one.name = file.spec.name;
        one.bytes_total = file.spec.bytes;
        one.path = item.folder / file.spec.name;
        status.files.push_back(std::move(one));
    }
    const ItemId id = item.id;
    {
        const std::lock_guard lock(core_->picture_mutex);
        core_->added.push_back(status);
        core_->picture.push_back(std::move(status));
        ++core_->picture_number;
    }
    core_->picture_changed.notify_all();
    core_->command([item = std::move(item)](Queue& queue) { queue.add(item); });
    return id;
}

void Downloads::pause(ItemId id) {
    core_->command([id](Queue& queue) { queue.pause(id); });
}
void Downloads::resume(ItemId id) {
    core_->command([id](Queue& queue) { queue.resume(id, false); });
}
void Downloads::retry(ItemId id) {
    core_->command([id](Queue& queue) { queue.resume(id, true); });
}
void Downloads::cancel(ItemId id) {
    {
        const std::lock_guard lock(core_->picture_mutex);
        core_->cancelled.insert(id);
        std::erase_if(core_->picture, [&](const auto& status) { return status.id == id; });
        ++core_->picture_number;
    }
    core_->picture_changed.notify_all();
    core_->command([id](Queue& queue) { queue.cancel(id); });
}
void Downloads::forget(ItemId id) {
    core_->command([id](Queue& queue) { queue.forget(id); });
}
void Downloads::set_priority(ItemId id, int priority) {
    core_->command([id, priority](Queue& queue) { queue.set_priority(id, priority); });
}
void Downloads::pause_all() {
    core_->command([](Queue& queue) {
        for (const ItemId id : queue.ids()) queue.pause(id);
    });
}
void Downloads::resume_all() {
    core_->command([](Queue& queue) {
        for (const ItemId id : queue.ids()) queue.resume(id, false);
    });
}

void Downloads::set_settings(DownloadSettings settings) {
    {
        const std::lock_guard lock(core_->settings_mutex);
        core_->settings = settings;
    }
    core_->command([settings](Queue& queue) { queue.set_settings(settings); });
}

DownloadSettings Downloads::settings() const {
    const std::lock_guard lock(core_->settings_mutex);
    return core_->settings;
}

std::vector<ItemStatus> Downloads::items() const {
    const std::lock_guard lock(core_->picture_mutex);
    return core_->picture;
}

std::optional<ItemStatus> Downloads::item(ItemId id) const {
    const std::lock_guard lock(core_->picture_mutex);
    for (const auto& status : core_->picture)
        if (status.id == id) return status;
    return {};
}

Result<std::vector<CompletedFile>> Downloads::completed(ItemId id) const {
    PELLUCID_TRY(const auto items, core_->parts.store.load());
    const auto at = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
    if (at == items.end() || at->state != State::complete)
        return fail(ErrorCode::not_found, "there is no complete download " + std::to_string(id));
    std::vector<CompletedFile> files;
    for (const auto& stored : at->files) {
        CompletedFile file;
        file.path = at->folder / stored.spec.name;
        file.bytes = stored.spec.bytes.value_or(0);
        file.sha256 = digest::from_hex(stored.spec.sha256).value_or(digest::Hash{});
        if (!stored.spec.urls.empty()) file.url = stored.spec.urls.front();
        if (!stored.etags.empty()) file.etag = stored.etags.front();
        PELLUCID_TRY(const auto blocks, core_->parts.store.blocks(stored.id));
        if (stored.block_bytes > 0 && blocks.size() == digest::block_count(file.bytes, stored.block_bytes)) {
            file.blocks.file_bytes = file.bytes;
            file.blocks.block_bytes = stored.block_bytes;
            for (const auto& [block, hash] : blocks) file.blocks.blocks.push_back(hash);
        }
        files.push_back(std::move(file));
    }
    return files;
}

void Downloads::observe(std::function<void()> changed) {
    const std::lock_guard lock(core_->observer_mutex);
    core_->observer = std::move(changed);
}

Result<ItemStatus> Downloads::wait(ItemId id, const CancelToken& cancel) const {
    const std::uint64_t orders = core_->orders_given;
    std::unique_lock lock(core_->picture_mutex);
    for (;;) {
        // A picture from before the caller's last order would mislead.
        if (core_->orders_shown < orders && !cancel.cancelled()) {
            core_->picture_changed.wait_for(lock, std::chrono::milliseconds(50));
            continue;
        }
        const auto at = std::find_if(core_->picture.begin(), core_->picture.end(),
                                     [&](const auto& s) { return s.id == id; });
        if (at == core_->picture.end())
            return fail(ErrorCode::not_found, "there is no download " + std::to_string(id));
        if (at->state == State::complete || at->state == State::paused) return *at;
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped waiting");
        core_->picture_changed.wait_for(lock, std::chrono::milliseconds(50));
    }
}

}  // namespace pellucid::download
