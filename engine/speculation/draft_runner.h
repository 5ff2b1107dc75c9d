// A small model's runner and cache, for guesses. All replies of a model share it.
#pragma once

#include <memory>
#include <string>

#include "engine/backend/backend.h"
#include "engine/memory/kv_pool.h"

namespace pellucid {

/// Used by the scheduler's thread only, one reply after the other.
struct DraftRunner {
    DraftRunner(std::shared_ptr<PreparedWeights> from, std::unique_ptr<Runner> with,
                std::string prefix_domain)
        : weights(std::move(from)),
          runner(std::move(with)),
          domain(std::move(prefix_domain)),
          pool(runner->options()) {}

    /// Runs one step to its end.
    Result<StepResult> run(const Batch& batch) {
        PELLUCID_TRY(const Ticket ticket, runner->submit(batch));
        return runner->wait(ticket);
    }
    int context() const { return runner->options().context; }
    int vocabulary() const { return weights->spec().vocabulary; }

    const std::shared_ptr<PreparedWeights> weights;
    const std::unique_ptr<Runner> runner;
    const std::string domain;
    KvPool pool;
};

}  // namespace pellucid
