// Samples what the process holds while it runs: the heap in use and the resident set, from a thread of its
// own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace pellucid::bench {

struct MemorySample {
    double seconds = 0;   ///< since the watch began
    double heap = 0;      ///< bytes in use of all malloc arenas and of mapped blocks (mallinfo2)
    double resident = 0;  ///< bytes resident, of files too (VmRSS)
};

class MemoryWatch {
public:
    explicit MemoryWatch(std::chrono::milliseconds every = std::chrono::milliseconds(20));
    ~MemoryWatch();

    /// Ends the sampling; all samples so far, in order.
    std::vector<MemorySample> stop();

private:
    void run(std::chrono::milliseconds every);

    std::vector<MemorySample> samples_;  // all room touched at once: the watch itself must not grow
    std::size_t taken_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Mean of `field` over the samples within [from, to) seconds.
double meanOver(const std::vector<MemorySample>& samples, double MemorySample::*field, double from,
                double to);
/// Bytes a second by least squares over [from, to) seconds.
double slopeOver(const std::vector<MemorySample>& samples, double MemorySample::*field, double from,
                 double to);

}  // namespace pellucid::bench
