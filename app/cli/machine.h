// What bench holds its figures against: this machine's copy speed, and the memory the process takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace pellucid::cli {

/// Bytes a second, read plus written, of copying between buffers far larger than the caches, on `threads`
/// threads; the best of several runs.
double measure_copy_speed(int threads);

/// Watches what of this process is in memory while it lives.
class MemoryWatch {
public:
    MemoryWatch();
    ~MemoryWatch();
    std::uint64_t peak_anonymous() const { return anonymous_; }
    /// Mapped pages of files beyond those at the start: weights read where they lie. Pages that were given
    /// back and that only the system's cache still holds are not counted.
    std::uint64_t peak_mapped() const { return mapped_; }

private:
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> anonymous_{0}, mapped_{0};
    std::thread thread_;
};

}  // namespace pellucid::cli
