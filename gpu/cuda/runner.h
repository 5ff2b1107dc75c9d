// Steps on one CUDA device. Small steps that sample greedily are one graph each, captured at first use.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/backend/check_batch.h"
#include "engine/model/part.h"
#include "gpu/cuda/batch.h"
#include "gpu/cuda/gemm.h"
#include "gpu/cuda/scratch.h"
#include "gpu/cuda/weights.h"

namespace pellucid::cuda {

/// Rows from which the tensor cores pay, and up to which they do so only for matrices of so many values and
/// for those whose finish takes the next norm along
/// (tests/bench/RESULTS.md).
inline constexpr int kFewestBatched = 2, kFewRows = 4;
inline constexpr std::int64_t kLargeMatrix = 1 << 25;

class CudaRunner final : public Runner {
public:
    static Result<std::unique_ptr<Runner>> make(std::shared_ptr<const DeviceModel> model,
                                                const RunnerOptions& options);
    static std::uint64_t kv_needed(const ModelSpec& spec, const RunnerOptions& options);
    static std::uint64_t scratch_needed(const ModelSpec& spec, const RunnerOptions& options);
    ~CudaRunner() override;

    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override;
    Result<StepResult> wait(Ticket ticket) override;
    const RunnerOptions& options() const override { return options_; }
    bool samples(const SampleSpec& spec) const override;
    /// Of a whole model: a part has no ids to go on from, or samples none.
    bool runs_ahead() const override { return is_whole(*model_->spec); }

private:
    /// A step whose results are on their way.
    struct Pending {
        int slot = 0;
        std::vector<int> rows, logits,
            hidden;                ///< rows by what they gave: sampled ids, logits, hidden states
        bool logits_read = false;  ///< result holds the logits
        bool collected = false;    ///< result holds all there is
        StepResult result;
        std::optional<Error> stopped;
    };
    struct Graph {
        cudaGraphExec_t exec = nullptr;
    };
    /// What one graph serves: rows, of which `heads` have an output, half layers [begin, end), sampled or
    /// not, and whether each row has a sequence of its own.
    struct Shape {
        int rows = 0, splits = 1, heads = 0, begin = 0, end = 0;
        bool sampled = false, drawn = false, apart = false;
        auto operator<=>(const Shape&) const = default;
    };
    CudaRunner(std::shared_ptr<const DeviceModel> model, const RunnerOptions& options)
        : model_(std::move(model)), options_(options) {}

    Result<void> start();
    Result<void> make_hidden_room();
    Result<void> check_rows(const Batch& batch);
    Result<void> upload(const Batch& batch, int slot);
    Result<void> upload_hidden(const Batch& batch);
    Result<void> copy_pages(const Batch& batch);
    Result<void> run(const Batch& batch, Pending& step, const CancelToken& cancel);
    Result<void> run_graph(const Shape& shape);
    Result<void> layers(int rows, int splits, const HalfRange& range, const CancelToken& cancel);
    Result<void> heads_by_pieces(Pending& step);
    Result<void> read_back(const Pending& step);
    Result<void> collect(Pending& step);
    bool streams_attention(int layer) const;
    bool streams_feed_forward(int layer) const;
    bool streams_head() const;
    bool batchable() const;
    void streamed_attention(int layer, int splits);
    void streamed_add(const DeviceLinear& part, const void* halves);
    void streamed_feed_forward(int layer);
    void streamed_head();
    AttentionJob attention_job(int layer, int rows, int splits) const;
    void attention(int layer, int rows, int splits);
    void feed_forward(int layer, int rows);
    NormOut gated(int layer, int rows, const FeedForward& feed_forward);
    ExpertsView experts_view(int layer) const;
    void experts(int layer, int rows);
    void shared_expert(int layer, int rows);
    LatentJob latent_job(int layer, int rows) const;
    void latent_attention(int layer, int rows);
    NormOut latent_mixed(int layer, int rows, const LatentJob& job);
    void convolution(int layer, int rows);
    void add_mixed(int layer, const NormOut& mixed, int rows);
    void head(int rows, const int* rows_at, bool only_row);
    void choose(int rows, int first);
    NormOut input_for(std::initializer_list<const DeviceLinear*> readers, int width, int rows,
                      float* values) const;
    void linears(std::initializer_list<LinearJob> jobs, const NormOut& input, int rows);
    void linear(const LinearJob& job, const NormOut& input, int rows);
    void add_linear(const DeviceLinear& part, const NormView& post, const NormOut& input, int rows,
                    const NormView* next = nullptr, const NormOut& normed = {});
    NormOut attention_input(int layer, int rows) const;
    NormOut feed_forward_input(int layer, int rows) const;
    std::int64_t logits_at(int slot) const {
        return std::int64_t{slot} * kGemvRows * model_->spec->vocabulary;
    }
    bool large(int rows) const { return rows > kGemvRows && gemm_; }
    /// A product of so many rows goes through batch_linear().
    bool batched(const MatrixView& matrix, int rows) const {
        if (!batched_ || (rows > kBatchRows && gemm_)) return false;
        if (matrix.fine) return true;  // its inputs are halves there
        if (rows < kFewestBatched) return false;
        return rows > kFewRows || matrix.adds || std::int64_t{matrix.rows} * matrix.columns >= kLargeMatrix;
    }
    /// Chunks a warp takes before a sequence is split: more where many blocks keep the device busy.
    int chunks_together(int rows) const {
        constexpr int kManyBlocks = 48;
        return rows * most_kv_heads_ >= kManyBlocks ? 2 : 1;
    }
    StepView step_view() const;
    RopeView rope_view(int rope) const;
    KvView kv_view(int layer) const;

    std::shared_ptr<const DeviceModel> model_;
    RunnerOptions options_;
    DeviceBuffer kv_, memory_, pinned_, pinned_choices_, pinned_logits_;
    DeviceBuffer pinned_hidden_;  ///< f32 [2, max_batch_rows, n_embd]: states that come in, and go out
    Scratch scratch_{};
    cudaStream_t stream_ = nullptr;
    cudaEvent_t done_[kInFlight] = {};
    std::unique_ptr<Gemm> gemm_;
    std::map<Shape, Graph> graphs_;
    std::vector<std::uint64_t> kv_at_;  ///< byte offset of each layer
    std::vector<bool> sampled_;         ///< of the rows of the last step
    std::map<Ticket, Pending> pending_;
    Ticket next_ticket_ = 1;
    int end_half_ = 0;  ///< of the step: what follows it runs elsewhere
    bool gemm_failed_ = false, one_sequence_ = false;
    bool drawn_ = false;   ///< some row of the step is not sampled greedily
    bool apart_ = false;   ///< no two rows of the step are of one sequence
    bool normed_ = false;  ///< the next part's input was made with the residual sum before it
    /// Half layers of a step of one row that run on streams, and its head.
    std::vector<bool> streamed_attention_, streamed_feed_forward_;
    bool streamed_head_ = false;
    int processors_ = 1;
    bool batched_ = false;   ///< a step of up to kBatchRows rows needs no cuBLAS
    int most_splits_ = 1;    ///< of one row's attention
    int most_kv_heads_ = 1;  ///< of a layer
};

}  // namespace pellucid::cuda
