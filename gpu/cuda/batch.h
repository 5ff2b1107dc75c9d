// Products of quantised matrices with up to kBatchRows vectors on the tensor cores: weights are read once,
// made f16 in registers and multiplied with f16 activations.
#pragma once

#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

inline constexpr int kBatchRows = 64;   ///< activation rows one pass over the weights serves
inline constexpr int kBatchTile = 256;  ///< matrix rows of a block's tile

/// How a product is spread; zeros: chosen. The kernel lab tries others.
struct BatchTuning {
    int blocks = 0;  ///< per processor
    int depth = 0;   ///< steps of 256 columns in flight, 2 …
};

/// True where batch_linear() can serve the matrix.
bool batches(const MatrixView& matrix);
/// Floats that `parts` must have room for, for steps of at most `rows` rows.
std::uint64_t batch_parts(int rows);

/// Up to three matrices of the same columns over halves, f16 [rows, columns], turned; rows <= kBatchRows.
/// Deterministic.
void batch_linear(cudaStream_t stream, const LinearJob* jobs, int count, const void* halves, int rows,
                  float* parts, BatchTuning tuning = {});
/// True where batch_linear_norm() can serve.
bool batch_norms(const LinearOut& to, const MatrixView& matrix, const NormView& norm);
/// The same for one matrix that is added to x [rows, matrix rows], and out = norm(x).
void batch_linear_norm(cudaStream_t stream, const LinearJob& job, const void* halves, int rows, float* parts,
                       const NormView& norm, const NormOut& out);
/// inner f16 [rows, width] = act(gate x) * (up x), where gate and up have `width` rows each, or gate's matrix
/// holds both, gate first, and up is absent. wide: f32 [rows, 2 * width].
void batch_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int activation,
                 const void* halves, int rows, float* wide, float* parts, void* inner,
                 BatchTuning tuning = {});

}  // namespace pellucid::cuda
