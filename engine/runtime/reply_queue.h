// The queue between whoever makes a reply and whoever reads it: the common half of every Reply.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/runtime/session.h"

namespace pellucid {

/// Events in order, from one producer to one reader. Nothing is taken after a Finish. Thread safe.
class ReplyQueue {
public:
    /// Queues an event and wakes the reader if the queue was empty. Ignored after a Finish.
    void push(ReplyEvent event);
    /// See Reply::next.
    std::optional<ReplyEvent> next(std::chrono::milliseconds timeout);
    /// See Reply::drain.
    std::vector<ReplyEvent> drain();
    /// See Reply::on_ready. Called at once if events already wait. After on_ready({}) returns, the old
    /// function is not running on another thread and is never called again.
    void on_ready(std::function<void()> wake);
    /// True once a Finish was pushed.
    bool finished() const;

private:
    void call_wake();

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<ReplyEvent> events_;
    bool finished_ = false;

    std::recursive_mutex wake_mutex_;  // recursive: the reader may reset its own wake from inside it
    std::function<void()> wake_;
};

}  // namespace pellucid
