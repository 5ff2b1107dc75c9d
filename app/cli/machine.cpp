#include "app/cli/machine.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "engine/base/thread_pool.h"

namespace pellucid::cli {

namespace {

struct Resident {
    std::uint64_t anonymous = 0, mapped = 0;
};

Resident resident() {
    Resident now;
    std::ifstream in("/proc/self/status");
    for (std::string word; in >> word;)
        if (word == "RssAnon:" || word == "RssFile:") {
            std::uint64_t kilobytes = 0;
            in >> kilobytes;
            (word == "RssAnon:" ? now.anonymous : now.mapped) = kilobytes * 1024;
        }
    return now;
}

}  // namespace

double measure_copy_speed(int threads) {
    constexpr std::size_t kBytes = 128u << 20;
    constexpr int kRuns = 7;
    ThreadPool pool(threads);
    std::vector<char> from(kBytes, 1), to(kBytes, 2);
    double best = 0;
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        pool.parallel_for(kBytes, 1 << 20, [&](std::int64_t begin, std::int64_t end, int) {
            std::memcpy(to.data() + begin, from.data() + begin, static_cast<std::size_t>(end - begin));
        });
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, 2.0 * kBytes / seconds);
    }
    return best;
}

MemoryWatch::MemoryWatch()
    : thread_([this, start = resident().mapped] {
          while (!stop_) {
              const Resident now = resident();
              anonymous_ = std::max(anonymous_.load(), now.anonymous);
              mapped_ = std::max(mapped_.load(), now.mapped > start ? now.mapped - start : 0);
              std::this_thread::sleep_for(std::chrono::milliseconds(20));
          }
      }) {}

MemoryWatch::~MemoryWatch() {
    stop_ = true;
    thread_.join();
}

}  // namespace pellucid::cli
