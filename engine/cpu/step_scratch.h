// The memory a step works in, taken once when a runner is made.
#pragma once

#include <cstdint>

#include "engine/backend/backend.h"
#include "engine/base/aligned_buffer.h"
#include "engine/cpu/packed_format.h"

namespace pellucid::cpu {

/// Rows of logits made at a time: a vocabulary is large and results own copies.
inline constexpr int kLogitRows = 8;

/// Rows of latent attention done at a time: a row's absorbed queries are wide (heads * cached).
inline constexpr int kLatentRows = 32;

/// All f32 but where it says so, rows = max_batch_rows. Buffers that the model has no use for are empty.
struct StepScratch {
    float* x = nullptr;             ///< [rows, n_embd] residual stream
    float* normed = nullptr;        ///< [rows, n_embd]
    float* wide = nullptr;          ///< [rows, widest first products: q + k + v, gate + up, b + c + u …]
    float* inner = nullptr;         ///< [rows, widest input of a last product]
    float* part = nullptr;          ///< [rows, n_embd] what a half layer adds
    float* angles = nullptr;        ///< [ropes, 2, rows, widest dims / 2]: cosines, sines
    float* logits = nullptr;        ///< [kLogitRows, vocabulary]
    float* head_inputs = nullptr;   ///< latent: [heads, kLatentRows, widest of content and rank]
    float* head_queries = nullptr;  ///< latent: [kLatentRows, heads, cached]
    float* router = nullptr;        ///< [rows, experts]
    float* gathered = nullptr;      ///< [rows * used, n_embd] inputs by expert, then outputs
    float* expert_wide = nullptr;   ///< [rows * used, 2 * width] gate, then up
    float* expert_inner = nullptr;  ///< [rows * used, width]
    /// Quantised activations, planes of them (LinearInput): [rows, planes, widest input / 32].
    Q8Block* quantised = nullptr;
    Q8Block* inner_quantised = nullptr;   ///< the same, for what a feed-forward's last product reads
    Q8Block* head_quantised = nullptr;    ///< of head_inputs
    Q8Block* expert_quantised = nullptr;  ///< [rows * used, planes, widest of n_embd and width / 32]

    static Result<StepScratch> make(const ModelSpec& spec, const RunnerOptions& options, int planes);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int planes);
    /// Widest row of `angles`.
    static int widest_pairs(const ModelSpec& spec);

private:
    AlignedBuffer memory_;
};

}  // namespace pellucid::cpu
