// Fixed workers for fork-join work that is often only tens of microseconds long: they spin shortly for the
// next piece, then park, so that a step of a model pays no wake-up per operation and an idle program no core.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace pellucid {

/// `threads` workers, of which the calling thread is worker 0. Thread safe: calls from several threads take
/// turns. A call from inside a running task runs on the calling worker alone.
///
/// A join waits only for workers that took part: one that is parked, or that the system gave no core, is not
/// missed, so small work on a busy machine costs no more than it does on one thread.
class ThreadPool {
public:
    /// threads < 1: one worker for each core this process may use.
    explicit ThreadPool(int threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const { return static_cast<int>(threads_.size()) + 1; }
    /// How long a worker looks for more before it parks; kPatience if never set. Longer than the gaps between
    /// two pieces of work that belong together, short against a frame.
    void set_patience(std::chrono::microseconds patience) {
        patience_.store(patience, std::memory_order_relaxed);
    }
    static constexpr std::chrono::microseconds kPatience{50};

    /// fn(begin, end, worker) over [0, n) in pieces of at most `grain`, taken by whoever is free; worker in
    /// [0, size()). Pieces begin at multiples of grain. Returns when all are done; what they wrote is
    /// visible.
    template <typename Fn>
    void parallel_for(std::int64_t n, std::int64_t grain, Fn&& fn) {
        if (n <= 0) return;
        grain = std::max<std::int64_t>(grain, 1);
        if (n <= grain || threads_.empty()) {
            for (std::int64_t begin = 0; begin < n; begin += grain) fn(begin, std::min(begin + grain, n), 0);
            return;
        }
        dispatch(
            [](void* context, std::int64_t begin, std::int64_t end, int worker) {
                (*static_cast<std::remove_reference_t<Fn>*>(context))(begin, end, worker);
            },
            const_cast<void*>(static_cast<const void*>(std::addressof(fn))), n, grain);
    }

private:
    using Task = void (*)(void* context, std::int64_t begin, std::int64_t end, int worker);
    void dispatch(Task task, void* context, std::int64_t n, std::int64_t grain);
    void work(int worker);
    void take_pieces(int worker);

    std::atomic<std::chrono::microseconds> patience_{kPatience};
    std::vector<std::thread> threads_;  // workers 1 … size()-1
    std::mutex turn_;                   // one fork-join at a time
    // The work: written while no worker is inside, read by those that entered.
    Task task_ = nullptr;
    void* context_ = nullptr;
    std::int64_t n_ = 0, grain_ = 1;
    alignas(64) std::atomic<std::int64_t> next_{0};  // first index nobody took
    // Generation in the upper half, then one bit "open", then the number of workers inside. A worker enters
    // by adding one to a state that is still open and still of the generation it saw.
    alignas(64) std::atomic<std::uint64_t> state_{0};
    alignas(64) std::atomic<std::uint32_t> generation_{0};  // what parked workers wait on
    std::atomic<bool> stopping_{false};
};

/// Cores this process may run on (its affinity mask), at least 1.
int usable_cores();

}  // namespace pellucid
