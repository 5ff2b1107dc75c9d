// The device memory a step works in, laid out once.
#pragma once

#include <cstdint>

#include "engine/backend/backend.h"
#include "gpu/cuda/experts.h"
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/latent.h"
#include "gpu/cuda/memory.h"

namespace pellucid::cuda {

inline constexpr int kInFlight = 4;  ///< steps whose control words may wait on the device

/// Rows whose logits a step makes at once.
int head_rows(const RunnerOptions& options);

/// Of routed layers; null where the model has none. pairs = rows * experts of a row.
struct ExpertScratch {
    float* logits;  ///< [rows, experts + 1]
    int* arrivals;  ///< [rows] zeros
    Chosen chosen;
    float* inner;  ///< of few rows: [few, all inner values of a row], or as many f16
    void* halves;  ///< f16 [rows, n_embd]
    SortedPairs sorted;
    float* wide;   ///< [pairs, 2 * width], later [pairs, n_embd]
    void* inners;  ///< f16 [pairs, width]
    static ExpertScratch lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver);
};
/// Of latent attention, likewise.
struct LatentScratch {
    void *contents, *queries, *latents;  ///< f16 [rows, heads, content, rank + turning and rank]
    void* parts;                         ///< f16 [kMostLatentSplits, heads, rank]
    float* stats;                        ///< [kMostLatentSplits, heads, 2]
    static LatentScratch lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver);
};

/// rows = max_batch_rows. f32 unless said.
struct Scratch {
    float *x, *part;      ///< [rows, n_embd]
    float* normed;        ///< [rows, n_embd]
    float* wide;          ///< [rows, widest of q | k | v and gate | up]
    float* inner;         ///< [rows, widest of q and feed-forward]
    void* halves;         ///< f16 [rows, widest input]
    void* decoded;        ///< f16 [largest matrix but the head], for prefill; null where rows <= kGemvRows
    float* partial;       ///< attention: [rows, heads, splits, head_dim + 2]; one split above kGemvRows rows
    float* parts;         ///< of batched products; null where rows is 1
    float* logits;        ///< [head_rows(options), vocabulary]
    float* choice_parts;  ///< [head_rows(options), kChoiceParts, 4]
    std::int8_t *q8_low, *q8_high;
    int* q8_meta;  ///< [rows, widest input / 32]
    std::int8_t *inner_low, *inner_high;
    int* inner_meta;      ///< the same for the feed-forward's inner vector
    int* arrivals;        ///< [widest input / 32] zeros
    Choice* choices;      ///< [rows]
    int* ids;             ///< [rows] sampled by the last step
    int* control;         ///< tokens, positions, sequences, heads [rows each], page tables, DrawSpecs [rows]
    double* frequencies;  ///< [ropes, widest pairs]
    float* angles;        ///< [ropes, rows, widest pairs, 2]
    int widest_input, widest_pairs;
    std::int64_t control_words, draws_at;  ///< draws_at: words before the DrawSpecs

    ExpertScratch experts;
    LatentScratch latent;

    static Scratch lay_out(const ModelSpec& spec, const RunnerOptions& options, Carver& carver);
};

}  // namespace pellucid::cuda
