#include "gpu/cuda/memory.h"

namespace pellucid::cuda {

Result<void> checked(cudaError_t status, const std::string& doing) {
    if (status == cudaSuccess) return {};
    const std::string text = "CUDA: " + doing + ": " + cudaGetErrorString(status);
    if (status == cudaErrorMemoryAllocation)
        return fail(
            ErrorCode::out_of_memory, text,
            "close other programs that use the graphics card, choose a shorter context or a smaller model, "
            "or run on --device cpu");
    return fail(ErrorCode::device_lost, text, "start the program again, or run on --device cpu");
}

DeviceBuffer::~DeviceBuffer() {
    if (!data_) return;
    if (on_host_)
        cudaFreeHost(data_);
    else
        cudaFree(data_);
}

Result<DeviceBuffer> DeviceBuffer::make(std::uint64_t bytes, const std::string& what) {
    DeviceBuffer buffer;
    const cudaError_t status = cudaMalloc(&buffer.data_, bytes > 0 ? bytes : 1);
    if (status != cudaSuccess) {
        buffer.data_ = nullptr;
        cudaGetLastError();  // not sticky: a later call must not report it again
    }
    PELLUCID_CHECK(checked(status, std::to_string(bytes) + " bytes for " + what));
    buffer.bytes_ = bytes;
    return buffer;
}

Result<DeviceBuffer> DeviceBuffer::make_pinned(std::uint64_t bytes, const std::string& what) {
    DeviceBuffer buffer;
    buffer.on_host_ = true;
    const cudaError_t status = cudaMallocHost(&buffer.data_, bytes > 0 ? bytes : 1);
    if (status != cudaSuccess) {
        buffer.data_ = nullptr;
        cudaGetLastError();
    }
    PELLUCID_CHECK(checked(status, std::to_string(bytes) + " page-locked bytes for " + what));
    buffer.bytes_ = bytes;
    return buffer;
}

double copy_speed(int device) {
    constexpr std::uint64_t kBytes = 512u << 20;  // far more than its cache
    constexpr int kCopies = 8;
    if (cudaSetDevice(device) != cudaSuccess) return 0;
    const auto room = DeviceBuffer::make(2 * kBytes, "measuring");
    cudaEvent_t begin = nullptr, end = nullptr;
    if (!room || cudaEventCreate(&begin) != cudaSuccess) return 0;
    float best = 0;
    if (cudaEventCreate(&end) == cudaSuccess)
        for (int copy = 0; copy < kCopies; ++copy) {
            float milliseconds = 0;
            cudaEventRecord(begin);
            cudaMemcpyAsync(room->as<std::byte>() + kBytes, room->as<void>(), kBytes,
                            cudaMemcpyDeviceToDevice);
            cudaEventRecord(end);
            if (cudaEventSynchronize(end) != cudaSuccess ||
                cudaEventElapsedTime(&milliseconds, begin, end) != cudaSuccess)
                break;
            if (copy > 0 && (best == 0 || milliseconds < best)) best = milliseconds;
        }
    cudaEventDestroy(begin);
    if (end) cudaEventDestroy(end);
    return best > 0 ? 2.0 * kBytes / (best * 1e-3) : 0;
}

}  // namespace pellucid::cuda
