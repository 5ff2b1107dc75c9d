// A step over several devices' runners: each runs its half layers, hidden states cross at the cuts.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/placement/placement.h"

namespace pellucid {

/// Gives what one runner of the whole model would give. Pages are the same numbers on every device that has
/// attention halves. A step that failed or was cancelled leaves the devices in step: what it should have
/// copied is copied everywhere first. Errors of a device name it.
class PlacedRunner final : public Runner {
public:
    struct Device {
        std::string id;
        std::unique_ptr<Runner> runner;
        bool attends = false;  ///< has attention halves, hence keys and values
    };
    /// `devices` as devices_of() has them, each with a runner of its part made with `options`.
    PlacedRunner(std::shared_ptr<const ModelSpec> spec, std::vector<Stage> stages,
                 std::vector<Device> devices, const RunnerOptions& options);

    /// Runs the whole step before it returns.
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override;
    Result<StepResult> wait(Ticket ticket) override;
    const RunnerOptions& options() const override { return options_; }
    /// As the head's device says.
    bool samples(const SampleSpec& spec) const override;
    Result<AdapterId> load_adapter(std::shared_ptr<const Adapter> adapter) override;
    void unload_adapter(AdapterId id) override;

private:
    Result<StepResult> step(const Batch& batch, const CancelToken& cancel);
    Result<void> copy_pages(const Batch& batch);
    /// The batch's sequences with a device's own adapters.
    Result<std::vector<BatchSequence>> sequences_on(std::size_t device, const Batch& batch) const;
    Result<StepResult> run(int device, const Batch& batch, const CancelToken& cancel);
    /// x + shared + routed, from a batch of hidden rows x.
    Result<StepResult> run_beside(const Stage& stage, Batch batch, const Batch& asked,
                                  const CancelToken& cancel);
    Failure of(int device, Error error) const;

    const std::shared_ptr<const ModelSpec> spec_;
    const std::vector<Stage> stages_;
    const std::vector<Device> devices_;
    const RunnerOptions options_;
    std::vector<std::optional<TokenId>> previous_ids_;      // sampled by the rows of the last step
    mutable std::mutex mutex_;                              // guards the adapters
    std::map<AdapterId, std::vector<AdapterId>> adapters_;  // by device
    AdapterId next_adapter_ = 1;
    Ticket next_ticket_ = 1;
    std::map<Ticket, Result<StepResult>> done_;
};

}  // namespace pellucid
