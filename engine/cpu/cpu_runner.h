// A step on the CPU: serial where a row is small, one fork-join for each group of matrices, five of them a
// layer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/attention_step.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_cache.h"
#include "engine/cpu/linear_step.h"
#include "engine/cpu/step_scratch.h"
#include "engine/cpu/weights.h"

namespace pellucid::cpu {

class CpuRunner final : public Runner {
public:
    /// invalid_argument, unsupported (KV format) or out_of_memory.
    static Result<std::unique_ptr<Runner>> make(std::shared_ptr<const CpuModel> model,
                                                std::shared_ptr<ThreadPool> pool, const Kernels& kernels,
                                                const RunnerOptions& options);
    /// Scratch of a runner, and the logits of one row of each sequence that its results hold.
    static std::uint64_t scratch_needed(const ModelSpec& spec, const RunnerOptions& options, int workers);

    /// Runs the whole step before it returns.
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override;
    Result<StepResult> wait(Ticket ticket) override;
    const RunnerOptions& options() const override { return options_; }

private:
    CpuRunner(std::shared_ptr<const CpuModel> model, std::shared_ptr<ThreadPool> pool, const Kernels& kernels,
              const RunnerOptions& options, KvCache cache, StepScratch scratch);

    Result<StepResult> step(const Batch& batch, const CancelToken& cancel);
    Result<void> inputs(const Batch& batch);
    void turn_angles(const Batch& batch);
    void attention(int layer, const Batch& batch);  // x += …
    void feed_forward(int layer, int rows);         // x += …
    void place_heads(int layer, const Batch& batch);
    void add_part(const Norm& norm, const NormWeights& weights, int row);
    StepResult outputs(const Batch& batch);

    void norm_row(const Norm& norm, const NormWeights& weights, const float* x, float* out) const;
    /// Norm of x, row by row, and its quantised form if one of the readers is packed.
    LinearInput normed_input(const Norm& norm, const NormWeights& weights, int rows,
                             std::initializer_list<const Matrix*> readers);
    /// fn(row) for every row: here for a few, by the pool for many.
    template <typename Fn>
    void for_rows(int rows, Fn&& fn);

    std::shared_ptr<const CpuModel> model_;
    std::shared_ptr<ThreadPool> pool_;
    const Kernels& kernels_;
    RunnerOptions options_;
    KvCache cache_;
    StepScratch scratch_;
    AttentionStep attention_step_;
    std::vector<std::vector<double>> frequencies_;      // by rope
    std::vector<std::optional<TokenId>> previous_ids_;  // sampled by the rows of the last step
    Ticket next_ticket_ = 1;
    std::map<Ticket, Result<StepResult>> done_;
};

}  // namespace pellucid::cpu
