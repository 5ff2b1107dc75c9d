// The thread that waits for the disk, so that no other has to: queued writes, durability points, checkpoints.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/database.h"

namespace pellucid::storage {

/// Jobs run one after another in the order posted. Within a second of a committed write it also makes it
/// durable, and when there is nothing to do it moves the write-ahead log into the file.
class StorageThread {
public:
    explicit StorageThread(Database& database);
    /// Runs what is queued, then stops.
    ~StorageThread();

    /// Never blocks. A job must not throw; it reports through what it captured.
    void post(std::function<void()> job);
    /// The same with its result: `thread.run([&] { return conversations.create(); }).get()`. From within a
    /// job it runs at once: it is a part of that job, and what was posted behind the job comes after both.
    template <typename F>
    auto run(F&& job) -> std::future<decltype(job())> {
        auto task = std::make_shared<std::packaged_task<decltype(job())()>>(std::forward<F>(job));
        auto result = task->get_future();
        if (std::this_thread::get_id() == thread_.get_id())
            (*task)();
        else
            post([task] { (*task)(); });
        return result;
    }
    /// Waits until everything posted before has run and is durable.
    Result<void> flush();

private:
    void work();

    Database& database_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace pellucid::storage
