// One bit that travels with long work: set by whoever wants it stopped, polled by whoever does it.
#pragma once

#include <atomic>
#include <memory>

namespace pellucid {

/// Shared stop request. Copies refer to the same bit. Thread safe.
class CancelToken {
public:
    CancelToken() : cancelled_(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() { cancelled_->store(true, std::memory_order_relaxed); }
    bool cancelled() const { return cancelled_->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> cancelled_;
};

}  // namespace pellucid
