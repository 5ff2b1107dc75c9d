// Products of quantised matrices with one vector as streams: every warp of one block an SM pulls its share of
// the weights through a ring in shared memory, and begins to before the vector is there.
#pragma once

#include "gpu/cuda/kernels.h"

namespace pellucid::cuda {

/// The vector, rounded to 8 bits by every block for itself. One of the two.
struct StreamInput {
    const float* values = nullptr;  ///< f32 [columns], normed (RMS) with `norm` on the way
    NormView norm;
    const void* halves = nullptr;  ///< f16 [columns]
};

/// True where the streams can serve the matrix: quantised, columns in whole supers, rows in fours, the vector
/// short enough for a processor's memory.
bool streams(const MatrixView& matrix);

/// Up to three matrices over one input.
void stream_linear(cudaStream_t stream, const LinearJob* jobs, int count, const StreamInput& input);
/// inner f16 [width, even] = act(gate x) * (up x). Row r of up is row first_up + r of its matrix. Both of one
/// form.
void stream_gated(cudaStream_t stream, const MatrixView& gate, const MatrixView& up, int first_up, int width,
                  int activation, const StreamInput& input, void* inner);

}  // namespace pellucid::cuda
