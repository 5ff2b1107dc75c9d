#include "storage/storage_thread.h"

namespace pellucid::storage {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kDurableWithin = std::chrono::milliseconds(1000);
/// After this long without a job the log is moved into the file, so that opening it next time is quick.
constexpr auto kIdleCheckpoint = std::chrono::seconds(5);

}  // namespace

StorageThread::StorageThread(Database& database) : database_(database), thread_([this] { work(); }) {}

StorageThread::~StorageThread() {
    {
        std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void StorageThread::post(std::function<void()> job) {
    {
        std::lock_guard guard(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

Result<void> StorageThread::flush() {
    return run([this] { return database_.make_durable(); }).get();
}

void StorageThread::work() {
    auto next_durable = Clock::now() + kDurableWithin;
    auto last_busy = Clock::now();
    bool checkpointed = true;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait_until(lock, next_durable, [&] { return stopping_ || !jobs_.empty(); });
        while (!jobs_.empty()) {
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job();
            lock.lock();
        }
        if (stopping_) return;
        const auto now = Clock::now();
        if (now < next_durable) continue;
        next_durable = now + kDurableWithin;
        lock.unlock();
        if (database_.has_undurable_writes()) {
            // A failure (full disk) shows itself to the writer of the next row; here it is only tried again.
            (void)database_.make_durable();
            last_busy = now;
            checkpointed = false;
        } else if (!checkpointed && now - last_busy > kIdleCheckpoint) {
            checkpointed = database_.checkpoint().ok();
        }
        lock.lock();
    }
}

}  // namespace pellucid::storage
