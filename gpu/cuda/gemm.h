// Large products through cuBLAS where the machine has it. It is found at run time: 500 MB are not shipped.
#pragma once

#include <cuda_runtime_api.h>

#include <memory>

namespace pellucid::cuda {

/// Null from make() when no libcublas.so.13 is installed; the caller then uses the small kernels.
class Gemm {
public:
    static std::unique_ptr<Gemm> make(cudaStream_t stream);
    ~Gemm();
    /// out f32 [rows, stride] = alpha * x f16 [rows, in] * weights f16 [out_columns, in]^T (+ out).
    bool run(const void* weights, const void* x, float* out, int out_columns, int in, int rows,
             long long stride, float alpha, bool add);

private:
    Gemm() = default;
    void* library_ = nullptr;
    void* handle_ = nullptr;
    void* function_ = nullptr;
    void* destroy_ = nullptr;
};

}  // namespace pellucid::cuda
