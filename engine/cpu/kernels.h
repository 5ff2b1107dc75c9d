// The table of inner loops, one for each instruction set; chosen once, by hand or for the machine.
// Kernels are single-threaded and know no model: the runner cuts the work and calls them from its pool.
#pragma once

#include <cstdint>

#include "engine/base/half.h"
#include "engine/cpu/isa.h"
#include "engine/cpu/packed_format.h"
#include "engine/model/spec.h"
#include "engine/quant/kv_format.h"

namespace pellucid::cpu {

/// out[t][r] = bias[r] + W[r] . x[t] for the `rows` (1 … 16) first rows of one packed tile.
/// x: [tokens][columns / 32] blocks, x_stride blocks apart; out: f32, out_stride apart; bias: f32 [16] or
/// null.
using PackedTileFn = void (*)(const std::uint8_t* tile, std::int64_t columns, const Q8Block* x,
                              std::int64_t x_stride, int tokens, const float* bias, float* out,
                              std::int64_t out_stride, int rows);

/// The same for rows that lie as in the file: w [rows, columns] f32, f16 or bf16 (any alignment), x [tokens,
/// columns] f32, x_stride apart.
using DenseTileFn = void (*)(const void* w, std::int64_t columns, const float* x, std::int64_t x_stride,
                             int tokens, const float* bias, float* out, std::int64_t out_stride, int rows);

/// Queries of one KV head that read the same pages together.
struct AttentionTile {
    static constexpr int kQueries = 8;
    int queries = 0;           ///< 1 … kQueries
    const float* q[kQueries];  ///< f32 [head_dim], already times the score scale
    int first[kQueries];       ///< each query sees positions [first, last]
    int last[kQueries];
    float* out[kQueries];  ///< f32 [head_dim]: sum of exp(score - max) * v
    float max[kQueries];   ///< of the scores seen
    float sum[kQueries];   ///< of exp(score - max)

    const std::int32_t* pages = nullptr;  ///< physical page of each logical one
    int begin_page = 0, end_page = 0;     ///< logical pages to read
    /// Page p of this layer and head: keys [head_dim, page_stride] and values [page_tokens, head_dim] f16 or
    /// f32; or codes [kv_code_bytes, page_stride] and [page_tokens, kv_code_bytes] with scales [kv_scales,
    /// page_stride] and [page_tokens, kv_scales].
    const std::byte* keys = nullptr;
    const std::byte* values = nullptr;
    std::int64_t key_scales = 0, value_scales = 0;  ///< bytes from the codes to their scales
    std::int64_t page_bytes = 0;                    ///< between physical pages
    KvFormat format = KvFormat::f16;
    /// Keys in tiers: codes [code_bytes, page_stride], f16 scales [half_scales, page_stride], 8-bit ones
    /// [byte_scales, page_stride] behind each other.
    KvTiers tiers;
    int head_dim = 0;
    int page_tokens = 0;
    int page_stride = 0;  ///< page_tokens rounded up to 16
    float soft_cap = 0;
    float* scores = nullptr;  ///< scratch f32 [kQueries, page_stride]
    float* scales = nullptr;  ///< scratch f32 [blocks of a key + of a value, page_stride], where there are any
};

struct Kernels {
    Isa isa;
    std::array<PackedTileFn, kPackedTypeCount> packed_tile;  ///< by packed_index(type)
    DenseTileFn dense_f32, dense_f16, dense_bf16;

    /// n a multiple of 32; q = x / d to nearest, d = max |x| / 127.
    void (*quantise)(const float* x, std::int64_t n, Q8Block* out);
    void (*rms_norm)(const float* x, const float* weight, std::int64_t n, float eps, float* out);
    /// bias may be null.
    void (*layer_norm)(const float* x, const float* weight, const float* bias, std::int64_t n, float eps,
                       float* out);
    /// out = act(gate) * up; up may be null (then act alone). out may be gate.
    void (*activate)(Activation activation, const float* gate, const float* up, std::int64_t n, float* out);
    void (*add_scaled)(float* x, const float* y, float scale, std::int64_t n);  ///< x += scale * y
    void (*scale)(float* x, float scale, std::int64_t n);
    void (*soft_cap)(float* x, float cap, std::int64_t n);  ///< x = cap * tanh(x / cap)
    /// Turns the leading dims of one head. cos, sin: f32 [dims / 2].
    void (*rope)(float* head, const float* cos, const float* sin, int dims, RopeLayout layout);
    void (*to_half)(const float* x, std::int64_t n, Half* out);  ///< to nearest even
    void (*from_half)(const Half* x, std::int64_t n, float* out);
    /// out[q][i] += sum over p < n of weights[q][p] * rows[p][i], i < width. Strides in floats.
    void (*mix)(const float* weights, std::int64_t weight_stride, int queries, const float* rows,
                std::int64_t row_stride, int n, std::int64_t width, float* out, std::int64_t out_stride);
    /// x[i] = e^(x[i] - top); returns their sum.
    float (*exponentiate)(float* x, float top, std::int64_t n);
    /// kv_decode() of the codec. format: one with scales.
    void (*kv_decode)(KvFormat format, const std::uint8_t* codes, const std::byte* scales, int n, float* out);
    /// Fills out, max and sum of a tile from nothing.
    void (*attend)(AttentionTile& tile);
};

/// PRECONDITION: the machine runs `isa`.
const Kernels& kernels_for(Isa isa);

// The tables themselves, one a translation unit.
extern const Kernels kBaselineKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

}  // namespace pellucid::cpu
