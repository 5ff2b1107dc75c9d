#include "app/threads/work_thread.h"

#include <QThread>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

namespace pellucid::app {

/// Work goes through a queue of the standard library, not through Qt's events: ThreadSanitizer sees it.
class WorkThread::Loop : public QThread {
public:
    void post(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
        changed_.notify_all();
    }
    /// After what was posted; returns when the thread is done with everything of this object.
    void end() {
        std::unique_lock lock(mutex_);
        ending_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return ended_; });
        lock.unlock();
        wait();
    }

protected:
    void run() override {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (waiting_.empty()) break;
            auto work = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            work();
            work = nullptr;  // what it held ends here too, outside the lock
            lock.lock();
        }
        ended_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool ending_ = false;
    bool ended_ = false;
};

WorkThread::WorkThread(const QString& name) : loop_(std::make_unique<Loop>()) {
    loop_->setObjectName(name);
    // KaTeX and deep Markdown recurse; 1 MiB was seen to be too little, 8 costs only address space.
    loop_->setStackSize(8u << 20);
    loop_->start();
}

WorkThread::~WorkThread() {
    loop_->end();
}

void WorkThread::post(std::function<void()> work) {
    loop_->post(std::move(work));
}

void WorkThread::drain() {
    if (QThread::currentThread() == loop_.get()) return;
    auto reached = std::make_shared<std::promise<void>>();
    auto waited = reached->get_future();
    post([reached] { reached->set_value(); });
    waited.wait();
}

}  // namespace pellucid::app
