// The reference Runner: a step written out from the scalar operations alone. It is the oracle of every other
// backend; threads share out rows, nothing else is done for speed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"
#include "engine/ops/reference_kv.h"
#include "engine/ops/reference_weights.h"

namespace pellucid {

class ReferenceRunner final : public Runner {
public:
    ReferenceRunner(std::shared_ptr<const ReferenceModel> model, std::shared_ptr<ThreadPool> pool,
                    const RunnerOptions& options);

    /// Runs the whole step before it returns.
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override;
    Result<StepResult> wait(Ticket ticket) override;
    const RunnerOptions& options() const override { return options_; }

private:
    Result<StepResult> step(const Batch& batch, const CancelToken& cancel);
    Result<std::vector<float>> inputs(const Batch& batch) const;           // [rows, n_embd]
    void attention(int layer, const Batch& batch, std::vector<float>& x);  // x += …
    void feed_forward(int layer, std::vector<float>& x);                   // x += …
    StepResult outputs(const Batch& batch, const std::vector<float>& x);

    std::vector<float> linear(const ReferenceLinear& part, const std::vector<float>& x, int rows) const;
    std::vector<float> normed(const Norm& norm, const ReferenceNorm& weights,
                              const std::vector<float>& x) const;
    void add_to(std::vector<float>& x, const std::vector<float>& part) const;

    std::shared_ptr<const ReferenceModel> model_;
    std::shared_ptr<ThreadPool> pool_;
    RunnerOptions options_;
    ReferenceKv kv_;
    std::vector<std::vector<double>> frequencies_;      // by rope
    std::vector<std::optional<TokenId>> previous_ids_;  // sampled by the rows of the last step
    Ticket next_ticket_ = 1;
    std::map<Ticket, Result<StepResult>> done_;
};

}  // namespace pellucid
