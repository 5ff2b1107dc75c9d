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

/// How long a worker looks before it parks: longer than the serial gaps inside a step, short against a frame.
constexpr std::chrono::microseconds kSpin{50};

/// Spins until `ready`, at most kSpin. The clock is read rarely: a read costs as much as tens of pauses.
template <typename Ready>
bool spin_until(Ready&& ready) {
    const auto begin = std::chrono::steady_clock::now();
    do {
        for (int i = 0; i < 64; ++i) {
            if (ready()) return true;
            pause_cpu();
        }
    } while (std::chrono::steady_clock::now() - begin < kSpin);
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
        stopping_ = true;
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
    }
    for (auto& thread : threads_) thread.join();
}

void ThreadPool::dispatch(Task task, void* context) {
    if (t_inside == this) {
        // Inside a task the other workers are busy: do every worker's part here.
        for (int worker = 0; worker < size(); ++worker) task(context, worker);
        return;
    }
    if (threads_.empty()) return task(context, 0);
    const std::lock_guard lock(turn_);
    task_ = task;
    context_ = context;
    unfinished_.store(static_cast<std::int32_t>(threads_.size()), std::memory_order_relaxed);
    generation_.fetch_add(1, std::memory_order_release);
    generation_.notify_all();  // costs no system call while nobody is parked
    const ThreadPool* outer = t_inside;
    t_inside = this;
    task(context, 0);
    t_inside = outer;
    const auto done = [this] { return unfinished_.load(std::memory_order_acquire) == 0; };
    while (!spin_until(done)) {
        const auto left = unfinished_.load(std::memory_order_acquire);
        if (left != 0) unfinished_.wait(left, std::memory_order_acquire);
    }
}

void ThreadPool::work(int worker) {
    t_inside = this;
    std::uint32_t seen = 0;
    for (;;) {
        const auto called = [&] { return generation_.load(std::memory_order_acquire) != seen; };
        while (!spin_until(called)) generation_.wait(seen, std::memory_order_acquire);
        seen = generation_.load(std::memory_order_acquire);
        if (stopping_) return;
        task_(context_, worker);
        if (unfinished_.fetch_sub(1, std::memory_order_release) == 1) unfinished_.notify_one();
    }
}

}  // namespace pellucid
