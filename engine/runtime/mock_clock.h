// The time a MockEngine lives in: the machine's, or one that a test moves by hand.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pellucid {

/// Where scripted timing gets its time. Thread safe.
class MockClock {
public:
    using Time = std::chrono::steady_clock::time_point;
    virtual ~MockClock() = default;
    virtual Time now() = 0;
    /// Waits on `condition` until notified or until this clock reads `until`. May wake early; the caller
    /// looks again.
    virtual void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Time until) = 0;
};

class RealMockClock final : public MockClock {
public:
    Time now() override { return std::chrono::steady_clock::now(); }
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Time until) override {
        condition.wait_until(lock, until);
    }
};

/// Stands still until advance(): a reply then gives exactly the events due, however slow the machine is.
class ManualMockClock final : public MockClock {
public:
    Time now() override {
        std::lock_guard lock(mutex_);
        return now_;
    }
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Time until) override {
        // A short real wait keeps this free of a lost wake-up between the look at the clock and the sleep.
        if (now() < until) condition.wait_for(lock, std::chrono::milliseconds(1));
    }
    void advance(std::chrono::nanoseconds by) {
        std::lock_guard lock(mutex_);
        now_ += by;
    }

private:
    std::mutex mutex_;
    Time now_{};
};

}  // namespace pellucid
