#include "engine/runtime/reply_queue.h"

namespace pellucid {

void ReplyQueue::push(ReplyEvent event) {
    bool was_empty = false;
    {
        std::lock_guard lock(mutex_);
        if (finished_) return;
        finished_ = std::holds_alternative<Finish>(event);
        was_empty = events_.empty();
        events_.push_back(std::move(event));
    }
    arrived_.notify_all();
    if (was_empty) call_wake();
}

std::optional<ReplyEvent> ReplyQueue::next(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, timeout, [this] { return !events_.empty() || finished_; });
    if (events_.empty()) return std::nullopt;
    std::optional<ReplyEvent> event(std::move(events_.front()));
    events_.pop_front();
    return event;
}

std::vector<ReplyEvent> ReplyQueue::drain() {
    std::lock_guard lock(mutex_);
    std::vector<ReplyEvent> all(std::make_move_iterator(events_.begin()),
                                std::make_move_iterator(events_.end()));
    events_.clear();
    return all;
}

void ReplyQueue::on_ready(std::function<void()> wake) {
    std::lock_guard guard(wake_mutex_);
    wake_ = std::move(wake);
    bool waiting = false;
    {
        std::lock_guard lock(mutex_);
        waiting = !events_.empty();
    }
    if (waiting) call_wake();
}

bool ReplyQueue::finished() const {
    std::lock_guard lock(mutex_);
    return finished_;
}

void ReplyQueue::call_wake() {
    std::lock_guard guard(wake_mutex_);
    const auto wake = wake_;  // a copy: the function may replace itself
    if (wake) wake();
}

}  // namespace pellucid
