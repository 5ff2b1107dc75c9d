#include "engine/profile/memory_speed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/base/thread_pool.h"

namespace pellucid {

namespace {

constexpr int kRuns = 7;

/// The best of kRuns, of moving `bytes`.
template <typename Work>
double best_speed(double bytes, Work&& work) {
    double best = 0;
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, bytes / seconds);
    }
    return best;
}

}  // namespace

double measure_copy_speed(int threads) {
    constexpr std::size_t kBytes = 128u << 20;
    ThreadPool pool(threads);
    std::vector<char> from(kBytes, 1), to(kBytes, 2);
    return best_speed(2.0 * kBytes, [&] {
        pool.parallel_for(kBytes, 1 << 20, [&](std::int64_t begin, std::int64_t end, int) {
            std::memcpy(to.data() + begin, from.data() + begin, static_cast<std::size_t>(end - begin));
        });
    });
}

double measure_read_speed(int threads) {
    constexpr std::size_t kWords = (256u << 20) / sizeof(std::uint64_t);
    ThreadPool pool(threads);
    const std::vector<std::uint64_t> words(kWords, 1);
    std::atomic<std::uint64_t> sum{0};
    return best_speed(kWords * sizeof(std::uint64_t), [&] {
        pool.parallel_for(kWords, 1 << 17, [&](std::int64_t begin, std::int64_t end, int) {
            // Eight sums apart, so that additions do not wait for each other.
            std::uint64_t parts[8] = {};
            for (std::int64_t i = begin; i + 8 <= end; i += 8)
                for (int k = 0; k < 8; ++k) parts[k] += words[static_cast<std::size_t>(i + k)];
            for (const std::uint64_t part : parts) sum.fetch_add(part, std::memory_order_relaxed);
        });
    });
}

}  // namespace pellucid
