// A value of a matrix that is not quantised.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "gpu/cuda/matrix.h"

namespace pellucid::cuda {

__device__ __forceinline__ float plain_value(const MatrixView& m, long long at) {
    if (m.form == Form::f32) return static_cast<const float*>(m.codes)[at];
    if (m.form == Form::f16) return __half2float(static_cast<const __half*>(m.codes)[at]);
    return __bfloat162float(static_cast<const __nv_bfloat16*>(m.codes)[at]);
}

}  // namespace pellucid::cuda
