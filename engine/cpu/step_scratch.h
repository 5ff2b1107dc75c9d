// The memory a step works in, taken once when a runner is made.
#pragma once

#include <cstdint>

#include "engine/backend/backend.h"
#include "engine/base/aligned_buffer.h"
#include "engine/cpu/packed_format.h"

namespace pellucid::cpu {

/// Rows of logits made at a time: a vocabulary is large and results own copies.
inline constexpr int kLogitRows = 8;

/// All f32, rows = max_batch_rows.
struct StepScratch {
    float* x = nullptr;            ///< [rows, n_embd] residual stream
    float* normed = nullptr;       ///< [rows, n_embd]
    float* wide = nullptr;         ///< [rows, widest of q + k + v and gate + up]
    float* inner = nullptr;        ///< [rows, widest of q and feed-forward width]
    float* part = nullptr;         ///< [rows, n_embd] what a half layer adds
    float* angles = nullptr;       ///< [ropes, 2, rows, widest dims / 2]: cosines, sines
    float* logits = nullptr;       ///< [kLogitRows, vocabulary]
    Q8Block* quantised = nullptr;  ///< [rows, widest input / 32]

    static Result<StepScratch> make(const ModelSpec& spec, const RunnerOptions& options);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options);
    /// Widest row of `angles`.
    static int widest_pairs(const ModelSpec& spec);

private:
    AlignedBuffer memory_;
};

}  // namespace pellucid::cpu
