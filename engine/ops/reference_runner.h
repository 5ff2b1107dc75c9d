// The reference Runner: a step written out from the scalar operations alone. It is the oracle of every other
// backend; threads share out rows, nothing else is done for speed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/backend/adapter_table.h"
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
    Result<AdapterId> load_adapter(std::shared_ptr<const Adapter> adapter) override;
    void unload_adapter(AdapterId id) override;

private:
    Result<StepResult> step(const Batch& batch, const CancelToken& cancel);
    Result<std::vector<float>> inputs(const Batch& batch) const;  // [rows, n_embd]
    std::vector<float> next_inputs(const Batch& batch) const;     // the same, of NextTokenRows
    StepResult outputs(const Batch& batch, const std::vector<float>& x);
    void attention_half(int layer, const Batch& batch, std::vector<float>& x);  // x += …
    void feed_forward_half(int layer, std::vector<float>& x) const;             // x += …

    // What a half layer adds, [rows, n_embd], of its normed input; reference_attention.cpp.
    std::vector<float> attention(int layer, const Batch& batch, const std::vector<float>& input);
    std::vector<float> latent_attention(int layer, const Batch& batch, const std::vector<float>& input);
    std::vector<float> convolution(int layer, const Batch& batch, const std::vector<float>& input);
    /// Keeps a position's vector in the layer's cache, rounded to its KV format.
    void keep(int layer, std::span<const float> from, std::span<float> to) const;
    /// The same of a head's key, in its basis where it has one.
    void keep_key(int layer, int head, std::span<const float> from, std::span<float> to) const;
    void turn(int rope, std::span<float> heads, int head_dim, int position) const;

    // The same for the second half; reference_feed_forward.cpp.
    std::vector<float> feed_forward(const FeedForward& spec, const ReferenceFeedForward& weights,
                                    const std::vector<float>& input) const;
    std::vector<float> experts(const Experts& spec, const ReferenceExperts& weights,
                               const std::vector<float>& input) const;

    /// One fork-join over the rows [first_row, first_row + rows_out) of the matrix; all of them by default.
    std::vector<float> linear(const ReferenceLinear& part, std::span<const float> x, int rows) const;
    /// y += strength * scale * B (A x) for the rows whose sequences have adapters.
    void adapt(const std::string& name, std::span<const float> x, std::vector<float>& y, int rows) const;
    std::vector<float> linear_rows(const ReferenceLinear& part, std::span<const float> x, int rows,
                                   std::int64_t first, std::int64_t count) const;
    std::vector<float> normed(const Norm& norm, const ReferenceNorm& weights,
                              const std::vector<float>& x) const;
    void add_to(std::vector<float>& x, const std::vector<float>& part) const;

    std::shared_ptr<const ReferenceModel> model_;
    std::shared_ptr<ThreadPool> pool_;
    RunnerOptions options_;
    ReferenceKv kv_;
    std::vector<std::vector<double>> frequencies_;      // by rope
    std::vector<std::optional<TokenId>> previous_ids_;  // sampled by the rows of the last step
    AdapterTable adapters_;
    std::vector<AdaptedRows> adapted_;  // of the step under way
    Ticket next_ticket_ = 1;
    std::map<Ticket, Result<StepResult>> done_;
};

}  // namespace pellucid
