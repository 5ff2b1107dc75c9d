// The device operations of routed feed-forward networks. Experts are chosen on the device, and everything
// after follows the choice without the host.
#pragma once

#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

inline constexpr int kMostExperts = 1024, kMostUsed = 32, kMostExpertGroups = 32;

/// As Router in engine/model/spec.h.
struct RouterView {
    int experts = 0, used = 0, gating = 0, groups = 1, groups_used = 1, group_best = 1;
    float threshold = 0, scale = 1;
    bool renormalise = false;
    const float* scores = nullptr;          ///< [experts, columns]
    const float* scores_bias = nullptr;     ///< [experts] or null
    const float* selection_bias = nullptr;  ///< [experts] or null
    const float* shared_gate = nullptr;     ///< [columns] or null
};
/// What was chosen for each row. An expert of -1: the row has fewer.
struct Chosen {
    int* ids = nullptr;        ///< [rows, used]
    float* weights = nullptr;  ///< [rows, used]
    float* shared = nullptr;   ///< [rows] what the shared network counts
};

/// Chooses each row's experts by norm(x), x f32 [rows, columns], and hands norm(x) on. logits: f32 [rows,
/// experts + 1]; arrivals: [rows] zeros, zero again afterwards. What the choice was made from stays in
/// logits.
void route(cudaStream_t stream, const float* x, int columns, int rows, const NormView& norm,
           const RouterView& router, float* logits, int* arrivals, const Chosen& chosen, const NormOut& out);

/// Matrices are those of all experts, one after the other: [experts * width, columns], down [experts *
/// columns, width]. Biases [experts, width] and [experts, columns] or null.
struct ExpertsView {
    MatrixView gate, up, down;
    const float *gate_bias = nullptr, *up_bias = nullptr, *down_bias = nullptr;
    int experts = 0, used = 0, width = 0, columns = 0, activation = 0;
    /// The network every row goes through, where it takes part in the same launches.
    MatrixView shared_gate, shared_up, shared_down;
    int shared_width = 0;
};
/// x [rows, columns] += alpha * the sum, or where `set` is not null, set = the sum.
struct ExpertsOut {
    float* x = nullptr;
    float* set = nullptr;
    float alpha = 1;
    const float* part = nullptr;  ///< f32 [rows, columns]: counts chosen.shared each; or null
};

/// True where few_experts() can serve: gate and up of one form, all three quantised or none.
bool few_experts_serve(const ExpertsView& experts);
/// True where the shared network may be one of `experts` there.
bool shared_joins(const ExpertsView& experts, const MatrixView& gate, const MatrixView& up,
                  const MatrixView& down);
/// Every row by itself, for few of them: each expert's weights are read for each row that chose it. values:
/// f32 [rows, columns]; inner: [rows, used * width + shared_width], f16 of quantised experts, else f32.
void few_experts(cudaStream_t stream, const ExpertsView& experts, const Chosen& chosen, const float* values,
                 void* inner, int rows, const ExpertsOut& out);

/// The same for one row, as streams; few_experts() calls it where it serves and there is no shared network:
/// with one, the kernels for any rows are faster (tests/bench/LOST.md).
bool one_row_serves(const ExpertsView& experts);
void one_row_experts(cudaStream_t stream, const ExpertsView& experts, const Chosen& chosen,
                     const float* values, void* inner, const ExpertsOut& out);

/// Rows of the tiles that a grouped product is cut into.
inline constexpr int kGroupedTile = 64;
/// Pairs of a row and an expert in the order of the experts, on the device.
struct SortedPairs {
    int* rows = nullptr;    ///< [pairs] the row of each
    int* places = nullptr;  ///< [rows, used] where each pair went; -1: it is none
    int4* tiles = nullptr;  ///< expert, first pair, pairs
    int* tile_count = nullptr;
};
int most_tiles(int experts, int pairs);
void sort_pairs(cudaStream_t stream, const Chosen& chosen, int rows, int used, int experts,
                const SortedPairs& sorted);

/// Products with stacked matrices on the tensor cores: out[row] = matrix[group of the row] input[row].
struct GroupedJob {
    MatrixView matrices[2];       ///< [groups * out_rows, columns]; columns a multiple of 8
    const float* biases[2] = {};  ///< [groups, out_rows] or null
    int count = 1, out_rows = 0;
    const void* input = nullptr;  ///< f16; a row's vector of group g at input + row * stride + g * step
    long long input_stride = 0, input_step = 0;  ///< multiples of 8
    /// Either sorted pairs, or (tiles null) every group takes all of `rows` rows.
    const int* input_rows = nullptr;  ///< [pairs], null: a pair's own row
    const int4* tiles = nullptr;
    const int* tile_count = nullptr;
    int most_tiles = 0, groups = 0, rows = 0;
    void* out = nullptr;  ///< row at out + row * stride + g * step; the second matrix out_rows on
    long long out_stride = 0, out_step = 0;
    bool halves = false;  ///< out is f16, else f32
};
/// True where grouped_linear() knows the form.
bool grouped_serves(const MatrixView& matrix);
void grouped_linear(cudaStream_t stream, const GroupedJob& job);

/// halves [pairs, width] = gated(wide [pairs, gate | up]) for the pairs there are, in at most `tiles` tiles.
void activate_pairs(cudaStream_t stream, int activation, const float* wide, int width, int tiles,
                    const SortedPairs& sorted, void* halves);
/// Adds up each row's experts: outs f32 [pairs, columns].
void gather_pairs(cudaStream_t stream, const float* outs, const Chosen& chosen, const SortedPairs& sorted,
                  int used, int columns, int rows, const ExpertsOut& out);

}  // namespace pellucid::cuda
