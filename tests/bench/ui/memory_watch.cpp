#include "tests/bench/ui/memory_watch.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>

namespace pellucid::bench {

namespace {

double residentBytes(int statm) {
    char text[128] = {};
    if (pread(statm, text, sizeof text - 1, 0) <= 0) return 0;
    long total = 0, resident = 0;
    std::sscanf(text, "%ld %ld", &total, &resident);
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

MemoryWatch::MemoryWatch(std::chrono::milliseconds every) : samples_(1 << 14) {
    thread_ = std::thread([this, every] { run(every); });
}

MemoryWatch::~MemoryWatch() {
    stop();
}

std::vector<MemorySample> MemoryWatch::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    return {samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(taken_)};
}

void MemoryWatch::run(std::chrono::milliseconds every) {
    const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const auto began = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, every, [this] { return stopping_; })) {
        if (taken_ == samples_.size()) break;
        const auto heap = mallinfo2();
        samples_[taken_++] = {std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
                              static_cast<double>(heap.uordblks + heap.hblkhd), residentBytes(statm)};
    }
    close(statm);
}

double meanOver(const std::vector<MemorySample>& samples, double MemorySample::*field, double from,
                double to) {
    double sum = 0;
    int count = 0;
    for (const MemorySample& sample : samples) {
        if (sample.seconds < from || sample.seconds >= to) continue;
        sum += sample.*field;
        ++count;
    }
    return count > 0 ? sum / count : 0;
}

double slopeOver(const std::vector<MemorySample>& samples, double MemorySample::*field, double from,
                 double to) {
    const double x0 = (from + to) / 2, y0 = meanOver(samples, field, from, to);
    double xy = 0, xx = 0;
    for (const MemorySample& sample : samples) {
        if (sample.seconds < from || sample.seconds >= to) continue;
        const double x = sample.seconds - x0;
        xy += x * (sample.*field - y0);
        xx += x * x;
    }
    return xx > 0 ? xy / xx : 0;
}

}  // namespace pellucid::bench
