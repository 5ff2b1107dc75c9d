// A thread that runs closures in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace pellucid::download {

class ThreadQueue {
public:
    ThreadQueue() : thread_([this] { run(); }) {}
    ~ThreadQueue() { stop(); }
    /// What is not running yet never runs; waits for what runs.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        arrived_.notify_one();
        if (thread_.joinable()) thread_.join();
    }
    void post(std::function<void()> closure) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(closure));
        }
        arrived_.notify_one();
    }

private:
    void run() {
        for (;;) {
            std::function<void()> next;
            {
                std::unique_lock lock(mutex_);
                arrived_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
                if (stopping_) return;
                next = std::move(waiting_.front());
                waiting_.pop_front();
            }
            next();
        }
    }
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace pellucid::download
