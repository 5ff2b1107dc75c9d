// Fixed workers for fork-join work that is often only tens of microseconds long: they spin shortly for the
// next piece, then park, so that a step of a model pays no wake-up per operation and an idle program no core.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace pellucid {

/// `threads` workers, of which the calling thread is worker 0. Thread safe: calls from several threads take
/// turns. A call from inside a running task runs on the calling worker alone.
class ThreadPool {
public:
    /// threads < 1: one worker for each core this process may use.
    explicit ThreadPool(int threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const { return static_cast<int>(threads_.size()) + 1; }

    /// fn(worker) once on every worker, worker in [0, size()). Returns when all are done; what they wrote is
    /// visible.
    template <typename Fn>
    void run(Fn&& fn) {
        dispatch(
            [](void* context, int worker) { (*static_cast<std::remove_reference_t<Fn>*>(context))(worker); },
            const_cast<void*>(static_cast<const void*>(std::addressof(fn))));
    }

    /// fn(begin, end, worker) over [0, n) in pieces of at most `grain`, taken by whoever is free (a worker
    /// that the system descheduled holds up one piece only). Pieces begin at multiples of grain.
    template <typename Fn>
    void parallel_for(std::int64_t n, std::int64_t grain, Fn&& fn) {
        if (n <= 0) return;
        grain = std::max<std::int64_t>(grain, 1);
        if (n <= grain || threads_.empty()) {
            for (std::int64_t begin = 0; begin < n; begin += grain) fn(begin, std::min(begin + grain, n), 0);
            return;
        }
        std::atomic<std::int64_t> next{0};
        run([&](int worker) {
            for (;;) {
                const std::int64_t begin = next.fetch_add(grain, std::memory_order_relaxed);
                if (begin >= n) return;
                fn(begin, std::min(begin + grain, n), worker);
            }
        });
    }

private:
    using Task = void (*)(void* context, int worker);
    void dispatch(Task task, void* context);
    void work(int worker);

    std::vector<std::thread> threads_;  // workers 1 … size()-1
    std::mutex turn_;                   // one fork-join at a time
    Task task_ = nullptr;               // written before generation_ moves, read after
    void* context_ = nullptr;
    bool stopping_ = false;
    alignas(64) std::atomic<std::uint32_t> generation_{0};
    alignas(64) std::atomic<std::int32_t> unfinished_{0};
};

/// Cores this process may run on (its affinity mask), at least 1.
int usable_cores();

}  // namespace pellucid
