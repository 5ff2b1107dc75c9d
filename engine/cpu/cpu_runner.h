// A step on the CPU: serial where a row is small, one fork-join for each group of matrices that share an
// input; five of them a dense layer, seven a routed one. cpu_runner.cpp has the step's ends,
// cpu_attention.cpp and cpu_feed_forward.cpp a layer's halves.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/backend/adapter_table.h"
#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/attention_step.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_cache.h"
#include "engine/cpu/latent_step.h"
#include "engine/cpu/linear_step.h"
#include "engine/cpu/step_scratch.h"
#include "engine/cpu/weights.h"

namespace pellucid::cpu {

class CpuRunner final : public Runner {
public:
    /// invalid_argument or out_of_memory.
    static Result<std::unique_ptr<Runner>> make(std::shared_ptr<const CpuModel> model,
                                                std::shared_ptr<ThreadPool> pool, const Kernels& kernels,
                                                const RunnerOptions& options);
    /// Scratch of a runner, and the logits of one row of each sequence that its results hold.
    static std::uint64_t scratch_needed(const ModelSpec& spec, const RunnerOptions& options, int workers,
                                        int planes);

    /// Runs the whole step before it returns.
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override;
    Result<StepResult> wait(Ticket ticket) override;
    const RunnerOptions& options() const override { return options_; }
    Result<AdapterId> load_adapter(std::shared_ptr<const Adapter> adapter) override;
    void unload_adapter(AdapterId id) override;

private:
    CpuRunner(std::shared_ptr<const CpuModel> model, std::shared_ptr<ThreadPool> pool, const Kernels& kernels,
              const RunnerOptions& options, KvCache cache, StepScratch scratch);

    Result<StepResult> step(const Batch& batch, const CancelToken& cancel);
    Result<void> inputs(const Batch& batch);
    void next_inputs(const Batch& batch);
    void turn_angles(const Batch& batch);
    void attention_half(int layer, const Batch& batch);  // x += …
    void feed_forward_half(int layer, int rows);         // x += …
    // What a half adds goes into scratch_.part [rows, n_embd].
    void attention(int layer, const Batch& batch);
    void place_heads(int layer, const Batch& batch);
    void turn(int rope, float* head, int row) const;  // by the angles of the row's position
    /// Vectors [count, width] into a rotated layer's basis, or back.
    void to_basis(float* x, std::int64_t count, int width, bool back) const;
    void queries_to_basis(int layer, const Attention& attention, float* q) const;
    void latent_attention(int layer, const Batch& batch);
    void place_latents(int layer, const Batch& batch);
    void attend_latents(int layer, const Batch& batch, int first, int count);
    void convolution(int layer, const Batch& batch);
    void feed_forward(const FeedForward& spec, const FeedForwardWeights& weights, const LinearInput& input);
    void shared_expert(const Experts& spec, const ExpertWeights& weights, const LinearInput& input);
    void experts(const Experts& spec, const ExpertWeights& weights, const LinearInput& input);
    /// Sends every row to its experts: fills routes_ and the runs of expert_runs_.
    void route(const Experts& spec, const ExpertWeights& weights, const LinearInput& input);

    /// run_linears() and run_linear_jobs() of jobs_, once the observer has been told; adapters add to the
    /// first.
    void products(const LinearInput& input, std::span<const LinearPart> parts);
    void products_of_jobs();
    void observe(const LinearInput& input, const Matrix& matrix) const;
    void adapt(const LinearInput& input, const LinearPart& part);

    /// The pages' place of a row's own position: physical page and slot.
    std::pair<PageId, int> place(const Batch& batch, int row) const;
    /// Row `row` of `all`, in every plane of the model, from x [width].
    void quantise_row(const float* x, std::int64_t width, Q8Block* all, std::int64_t row) const;
    /// Blocks of a row of `width`.
    std::int64_t row_blocks(std::int64_t width) const { return model_->planes * (width / kBlockColumns); }
    /// `quantised` null: for dense matrices only.
    LinearInput linear_input(const float* values, const Q8Block* quantised, int rows) const {
        return {values, quantised, rows, model_->planes};
    }
    /// scratch_.inner [rows, matrix.columns()] as input of that matrix.
    LinearInput inner_input(const Matrix& matrix, int rows);
    void add_part(const Norm& norm, const NormWeights& weights, int row);
    StepResult outputs(const Batch& batch);

    void norm_row(const Norm& norm, const NormWeights& weights, const float* x, float* out) const;
    /// Norm of x, row by row, and its quantised form if one of the readers is packed. Absent readers count
    /// as not packed.
    LinearInput normed_input(const Norm& norm, const NormWeights& weights, int rows,
                             std::initializer_list<const LinearWeights*> readers);
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
    LatentStep latent_step_;
    /// Where a row's output of one expert lies in scratch_.gathered, and what it counts.
    struct Route {
        int slot = 0;
        float weight = 0;
    };
    /// Rows of one expert: slots [first, first + count) of scratch_.gathered.
    struct ExpertRun {
        int expert = 0, first = 0, count = 0;
    };
    std::vector<std::vector<Route>> routes_;  // by row
    std::vector<ExpertRun> expert_runs_;
    std::vector<LinearJob> jobs_;
    std::vector<std::vector<double>> frequencies_;      // by rope
    std::vector<std::optional<TokenId>> previous_ids_;  // sampled by the rows of the last step
    AdapterTable adapters_;
    std::vector<AdaptedRows> adapted_;                // of the step under way
    std::vector<float> adapter_inner_, adapter_out_;  // [rows, rank], [rows, out]
    Ticket next_ticket_ = 1;
    std::map<Ticket, Result<StepResult>> done_;
};

template <typename Fn>
void CpuRunner::for_rows(int rows, Fn&& fn) {
    // A row takes about a microsecond, a fork-join as much.
    if (rows < 4) {
        for (int row = 0; row < rows; ++row) fn(row);
        return;
    }
    pool_->parallel_for(rows, std::max(1, rows / (pool_->size() * 4)),
                        [&](std::int64_t begin, std::int64_t end, int) {
                            for (std::int64_t row = begin; row < end; ++row) fn(static_cast<int>(row));
                        });
}

inline const float* or_null(const std::vector<float>& values) {
    return values.empty() ? nullptr : values.data();
}
inline LinearPart linear_part(const LinearWeights& weights, float* out, std::int64_t out_stride) {
    return {&weights.matrix, or_null(weights.bias), out, out_stride, &weights.name};
}

}  // namespace pellucid::cpu
