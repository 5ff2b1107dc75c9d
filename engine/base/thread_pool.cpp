#include "engine/base/thread_pool.h"

#include <sched.h>

#include <chrono>

namespace pellucid {

namespace {

// The pool that the running thread works for: a nested call must not wait for itself. Thread-local plumbing,
// not state.
thread_local const ThreadPool* t_inside = nullptr;

void pause_cpu() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

constexpr std::uint64_t kOpen = 1u << 31, kInside = kOpen - 1;  // of ThreadPool::state_

/// Spins until `ready`, at most `patience`. The clock is read rarely: a read costs as much as tens of pauses.
template <typename Ready>
bool spin_until(std::chrono::microseconds patience, Ready&& ready) {
    const auto begin = std::chrono::steady_clock::now();
    do {
        for (int i = 0; i < 64; ++i) {
            if (ready()) return true;
            pause_cpu();
        }
    } while (std::chrono::steady_clock::now() - begin < patience);
    return ready();
}

}  // namespace

int usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadPool::ThreadPool(int threads) {
    if (threads < 1) threads = usable_cores();
    threads_.reserve(static_cast<std::size_t>(threads - 1));
    for (int worker = 1; worker < threads; ++worker) threads_.emplace_back([this, worker] { work(worker); });
}

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard lock(turn_);
        stopping_.store(true, std::memory_order_release);
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
    }
    for (auto& thread : threads_) thread.join();
}

void ThreadPool::take_pieces(int worker) {
    for (;;) {
        const std::int64_t begin = next_.fetch_add(grain_, std::memory_order_relaxed);
        if (begin >= n_) return;
        task_(context_, begin, std::min(begin + grain_, n_), worker);
    }
}

void ThreadPool::dispatch(Task task, void* context, std::int64_t n, std::int64_t grain) {
    if (t_inside == this) {  // the other workers are busy with the task that asks
        for (std::int64_t begin = 0; begin < n; begin += grain)
            task(context, begin, std::min(begin + grain, n), 0);
        return;
    }
    const std::lock_guard lock(turn_);
    task_ = task;
    context_ = context;
    n_ = n;
    grain_ = grain;
    next_.store(0, std::memory_order_relaxed);
    const std::uint32_t generation = generation_.load(std::memory_order_relaxed) + 1;
    state_.store((static_cast<std::uint64_t>(generation) << 32) | kOpen, std::memory_order_release);
    generation_.store(generation, std::memory_order_release);
    generation_.notify_all();  // costs no system call while nobody is parked
    const ThreadPool* outer = t_inside;
    t_inside = this;
    take_pieces(0);
    t_inside = outer;
    // Nobody enters from here on; wait for those inside.
    std::uint64_t left = state_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    const auto done = [&] { return (state_.load(std::memory_order_acquire) & kInside) == 0; };
    while ((left & kInside) != 0 && !spin_until(kPatience, done)) {
        left = state_.load(std::memory_order_acquire);
        if ((left & kInside) != 0) state_.wait(left, std::memory_order_acquire);
    }
}

void ThreadPool::work(int worker) {
    t_inside = this;
    std::uint32_t seen = 0;
    for (;;) {
        const auto called = [&] { return generation_.load(std::memory_order_acquire) != seen; };
        while (!spin_until(patience_.load(std::memory_order_relaxed), called))
            generation_.wait(seen, std::memory_order_acquire);
        if (stopping_.load(std::memory_order_acquire)) return;
        seen = generation_.load(std::memory_order_acquire);
        std::uint64_t state = state_.load(std::memory_order_acquire);
        bool entered = false;
        while ((state & kOpen) != 0 && !entered)
            entered = state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel,
                                                   std::memory_order_acquire);
        if (!entered) continue;
        take_pieces(worker);
        const std::uint64_t before = state_.fetch_sub(1, std::memory_order_acq_rel);
        if ((before & kInside) == 1 && (before & kOpen) == 0) state_.notify_one();
    }
}

}  // namespace pellucid
