// What bench holds a plan against: the memory that the process takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

namespace pellucid::cli {

/// Watches what this process takes beyond what it took at the start, while it lives.
class MemoryWatch {
public:
    MemoryWatch();
    ~MemoryWatch();
    /// At the moment at which both together were most: anonymous pages, and mapped pages of model files
    /// (weights read where they lie). Pages that were given back and that only the system's cache still holds
    /// are not counted, nor is the program's own code.
    struct Peak {
        std::uint64_t anonymous = 0, mapped = 0;
        std::uint64_t total() const { return anonymous + mapped; }
    };
    Peak peak() const;

private:
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;
    Peak peak_;
    std::thread thread_;
};

}  // namespace pellucid::cli
