#include "gpu/cuda/gemm.h"

#include <cublas_v2.h>
#include <dlfcn.h>

namespace pellucid::cuda {
namespace {

// The header overloads the name, so its type is written out.
using GemmEx = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int,
                                  const void*, const void*, cudaDataType, int, const void*, cudaDataType, int,
                                  const void*, void*, cudaDataType, int, cublasComputeType_t,
                                  cublasGemmAlgo_t);

}  // namespace

std::unique_ptr<Gemm> Gemm::make(cudaStream_t stream) {
    std::unique_ptr<Gemm> gemm(new Gemm);
    gemm->library_ = dlopen("libcublas.so.13", RTLD_NOW | RTLD_LOCAL);
    if (!gemm->library_) return nullptr;
    const auto create =
        reinterpret_cast<decltype(&cublasCreate_v2)>(dlsym(gemm->library_, "cublasCreate_v2"));
    const auto set_stream =
        reinterpret_cast<decltype(&cublasSetStream_v2)>(dlsym(gemm->library_, "cublasSetStream_v2"));
    gemm->function_ = dlsym(gemm->library_, "cublasGemmEx");
    gemm->destroy_ = dlsym(gemm->library_, "cublasDestroy_v2");
    if (!create || !set_stream || !gemm->function_ || !gemm->destroy_) return nullptr;
    cublasHandle_t handle = nullptr;
    if (create(&handle) != CUBLAS_STATUS_SUCCESS) return nullptr;
    gemm->handle_ = handle;
    if (set_stream(handle, stream) != CUBLAS_STATUS_SUCCESS) return nullptr;
    return gemm;
}

Gemm::~Gemm() {
    if (handle_)
        reinterpret_cast<decltype(&cublasDestroy_v2)>(destroy_)(static_cast<cublasHandle_t>(handle_));
    if (library_) dlclose(library_);
}

bool Gemm::run(const void* weights, const void* x, float* out, int out_columns, int in, int rows,
               long long stride, float alpha, bool add) {
    const float beta = add ? 1.0f : 0.0f;
    return reinterpret_cast<GemmEx>(function_)(
               static_cast<cublasHandle_t>(handle_), CUBLAS_OP_T, CUBLAS_OP_N, out_columns, rows, in, &alpha,
               weights, CUDA_R_16F, in, x, CUDA_R_16F, in, &beta, out, CUDA_R_32F, static_cast<int>(stride),
               CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS;
}

}  // namespace pellucid::cuda
