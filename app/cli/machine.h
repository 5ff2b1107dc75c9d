// What bench holds its figures against: this machine's copy speed, and the memory the process takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace pellucid::cli {

/// Bytes a second, read plus written, of copying between buffers far larger than the caches, on `threads`
/// threads; the best of several runs.
double measure_copy_speed(int threads);

/// Watches this process's anonymous memory while it lives.
class MemoryWatch {
public:
    MemoryWatch();
    ~MemoryWatch();
    std::uint64_t peak_anonymous() const { return peak_; }

private:
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> peak_{0};
    std::thread thread_;
};

}  // namespace pellucid::cli
