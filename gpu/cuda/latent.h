// The device operations of latent attention in its absorbed form (arXiv 2405.04434, section 2.1): a query's
// content goes through key_up once and meets the latents themselves, which are keys and values of all heads.
#pragma once

#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

struct LatentJob {
    int heads = 0, content = 0, turning = 0, rank = 0, value = 0;
    float scale = 0;
    const float* q = nullptr;   ///< f32, row at q + row * stride: [heads, content + turning]
    const float* kv = nullptr;  ///< f32, row at kv + row * stride: [rank + turning]
    long long stride = 0;
    NormView latent_norm;
    RopeView rope;
    MatrixView key_up;         ///< [heads * rank, content]
    MatrixView value_up;       ///< [heads * value, rank]
    void* cache = nullptr;     ///< f16 [pages, page_tokens, rank + turning]
    void* contents = nullptr;  ///< f16 [rows, heads, content]
    void* queries = nullptr;   ///< f16 [rows, heads, rank + turning]
    void* latents = nullptr;   ///< f16 [rows, heads, rank]
    void* parts = nullptr;     ///< f16 [rows, heads, splits, rank] of few rows: what each split attended to
    float* stats = nullptr;    ///< [rows, heads, splits, 2]: its best score, and the sum of its weights
    int splits = 1;

    int cached() const { return rank + turning; }
};

/// Rows whose attention may be split along the sequence.
inline constexpr int kLatentRows = 64;
/// Most (row, split) pairs of few rows.
inline constexpr int kMostLatentSplits = 192;
/// Blocks a row's attention is spread over at most, whatever its length.
int latent_splits(int heads, int rows, int processors);

/// True where the tensor cores can serve: DeepSeek's widths, and pages in whole tiles.
bool latent_tiles(const LatentJob& job, const StepView& step);

/// Few rows: latents into their pages, and queries.
void absorb_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows);
/// Many rows: the same, save that only the turned part of the queries is made, and contents, which a grouped
/// product takes through key_up.
void place_latents(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows);

/// Few rows: parts and stats. Only where latent_tiles().
void latent_attention_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows);
/// Rows of ONE sequence: latents. Only where latent_tiles().
void latent_attention_many(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows);
/// Any rows and widths (rank at most 1024): latents.
void latent_attention_plain(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows);

/// Few rows: out [rows, heads * value] from parts and stats (`split`), or from latents. out.values or
/// out.halves, not turned.
void value_up_few(cudaStream_t stream, const LatentJob& job, const StepView& step, int rows, bool split,
                  const NormOut& out);

/// Short convolution (LFM2): wide f32 [rows, b | c | u]. Inputs b * u go into their pages, f16 [pages,
/// page_tokens, width]; then c * conv(inputs). kernel f32 [width, length].
void short_convolution(cudaStream_t stream, const float* wide, int width, const float* kernel, int length,
                       void* cache, const StepView& step, int rows, const NormOut& out);

}  // namespace pellucid::cuda
