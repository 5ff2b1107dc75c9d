// The device operations a step is made of, as plain functions: each enqueues on a stream and returns.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "gpu/cuda/matrix.h"

namespace pellucid::cuda {

/// What a linear layer does with its sums.
struct LinearOut {
    float* out = nullptr;  ///< f32, row r at out + r * stride
    long long stride = 0;
    const float* bias = nullptr;  ///< f32 [matrix rows] or null
    bool add = false;             ///< out += alpha * (sum + bias), else out = cap(alpha * (sum + bias))
    float alpha = 1, cap = 0;
};
struct LinearJob {
    MatrixView matrix;
    LinearOut to;
};
inline constexpr int kMaxJobs = 3;
inline constexpr int kGemvRows = 8;  ///< activation rows one pass over the weights serves

/// How a product is spread; zeros: chosen by shape. The kernel lab tries others.
struct Tuning {
    int lanes = 0;      ///< lanes that share a pair of rows: 8, 16 … 128 (gated: at most 32)
    bool deep = false;  ///< four groups in flight a lane, not two
};
/// Up to three quantised matrices over the same 8-bit input, rows <= kGemvRows, in one launch.
void gemv_q8(cudaStream_t stream, const LinearJob* jobs, int count, const Q8View& input, int rows,
             Tuning tuning = {});
/// act(gate x) * (up x) in one launch, gate and up of one form, width a multiple of 32; rounded to 8 bits on
/// the way out. inner: f32 [rows, width]; arrivals: [width / 32] zeros, zero again afterwards.
void gemv_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int activation,
                const Q8View& input, int rows, const Q8View& to, float* inner, int* arrivals,
                Tuning tuning = {});
/// f32, f16 or bf16 weights over f32 input [rows, columns].
void gemv_float(cudaStream_t stream, const LinearJob& job, const float* input, int rows);

/// Decodes a whole matrix to f16 (values beyond its range are clamped).
void decode_to_half(cudaStream_t stream, const MatrixView& matrix, void* out);
/// Decodes a whole matrix to f32, bit for bit as the file format says.
void decode_to_float(cudaStream_t stream, const MatrixView& matrix, float* out);

/// What the host says about a step, on the device.
struct StepView {
    const int* tokens = nullptr;     ///< [rows] id; -1 - r: the id row r of the step before sampled; kHidden
    const int* positions = nullptr;  ///< [rows]
    const int* sequences = nullptr;  ///< [rows] index of its page table
    const int* tables = nullptr;     ///< [sequences, table_width] physical pages
    int table_width = 0, page_tokens = 0;
};
inline constexpr int kHiddenInput = -1000000000;  ///< the row's vector was uploaded

struct RopeView {
    const double* frequencies = nullptr;  ///< [pairs]
    int pairs = 0;
    bool adjacent = false;
    float factor = 1;
    float* angles = nullptr;  ///< [rows, pairs, 2] cosine, sine of this step
};
inline constexpr int kMaxRopes = 4;

/// x [rows, columns] = scale * embedding rows; and the step's rope angles.
void embed(cudaStream_t stream, const MatrixView& embedding, float scale, const StepView& step,
           const int* previous_ids, float* x, const RopeView* ropes, int rope_count, int rows);

struct NormView {
    const float* weight = nullptr;  ///< null: the identity
    const float* bias = nullptr;
    float eps = 0;
    bool layer = false;  ///< mean removed first
};
struct NormOut {
    float* values = nullptr;  ///< f32 [rows, width] or null
    void* halves = nullptr;   ///< f16 [rows, width] or null
    bool turned = false;  ///< of each four halves the middle two change places, as batched products read them
    Q8View q8;            ///< low null: not wanted
};
/// rows_at: which row of x each output row reads (device, [rows]), null: the same.
void norm(cudaStream_t stream, const float* x, int width, int rows, const NormView& norm, const int* rows_at,
          const NormOut& out);
/// x += alpha * norm(part)
void add_normed(cudaStream_t stream, float* x, const float* part, int width, int rows, const NormView& norm,
                float alpha);
/// x += alpha * sigmoid(gate · norm(x)) * part; gate f32 [width].
void add_counted(cudaStream_t stream, float* x, const float* part, int width, int rows, const NormView& norm,
                 const float* gate, float alpha);
void add_bias(cudaStream_t stream, float* values, long long stride, const float* bias, int width, int rows);

/// act(gate) * up, or act(up) where gate is null. Inputs have row stride `stride`.
void activate_rows(cudaStream_t stream, int activation, const float* gate, const float* up, long long stride,
                   int width, int rows, const NormOut& out);

struct KvView {
    void* keys = nullptr;    ///< f16 [pages, kv_heads, page_tokens, head_dim]
    void* values = nullptr;  ///< the same
    int kv_heads = 0, head_dim = 0;
};
/// Head norms, rope, and keys and values into their pages. wide: f32 [rows, q | k | v].
void place_heads(cudaStream_t stream, float* wide, int heads, const KvView& kv, const NormView& q_norm,
                 const NormView& k_norm, const RopeView& rope, const StepView& step, int rows);

inline constexpr int kMaxSplits = 64;  ///< of a sequence in attention

struct AttentionJob {
    const float* wide = nullptr;  ///< f32 [rows, stride], queries first
    long long stride = 0;
    int heads = 0, window = 0, splits = 1;
    bool one_chunk = false;  ///< no split is longer than packed_chunk()
    float scale = 0, soft_cap = 0;
    const float* sinks = nullptr;  ///< f32 [heads] or null: Attention::sinks
    KvView kv;
    float* partial = nullptr;  ///< [rows, heads, splits, head_dim + 2]
    /// wide holds q | k | v as projected, and attention does what place_heads() does. Only where
    /// packed_serves(), and no two rows are of one sequence.
    bool fresh = false;
    NormView q_norm, k_norm;
    RopeView rope;
};
void attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
               const NormOut& out);

/// The same on the tensor cores, for rows of ONE sequence; out.halves [rows, heads * head_dim]. False, and
/// nothing done, for a head_dim or page size it does not serve. Unwritten slots of a page must hold finite
/// numbers.
bool flash_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                     const NormOut& out);

/// For few rows: the query heads of a KV head share one tile. With one split `out` is written, else
/// job.partial. Only where packed_serves().
void packed_attention(cudaStream_t stream, const AttentionJob& job, const StepView& step, int rows,
                      const NormOut& out);
bool packed_serves(const AttentionJob& job, const StepView& step);
/// Positions that its warps take side by side.
int packed_chunk();

/// One row's greedy choice.
struct Choice {
    int id;
    float logprob, entropy;
};
inline constexpr int kChoiceParts = 128;
/// logits f32 [rows, vocabulary]; partial: [rows, kChoiceParts, 4] f32. Writes choices[at[r]] and ids[at[r]].
void choose_greedy(cudaStream_t stream, const float* logits, int vocabulary, int rows, const int* at,
                   float* partial, Choice* choices, int* ids);

/// SampleSpec, as the device has it. temperature 0: greedy.
struct DrawSpec {
    float temperature = 0;
    int top_k = 0;  ///< 0: off
    float top_p = 1, min_p = 0;
    unsigned seed_low = 0, seed_high = 0;
};
/// True where choose_drawn() can serve.
bool draws(int vocabulary);
/// The same tokens as the host's Sampler gives for a seed, save where its filters end in a near-tie. specs:
/// one a row of logits; positions: where the row at[r] lies, the token drawn is the next.
void choose_drawn(cudaStream_t stream, const float* logits, int vocabulary, int rows, const int* at,
                  const int* positions, const DrawSpec* specs, Choice* choices, int* ids);

}  // namespace pellucid::cuda
