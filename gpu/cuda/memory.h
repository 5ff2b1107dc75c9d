// Device memory with an owner, and CUDA's answers as typed errors.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>
#include <string>
#include <utility>

#include "engine/base/error.h"

namespace pellucid::cuda {

/// ok, out_of_memory, or device_lost, naming what was being done.
Result<void> checked(cudaError_t status, const std::string& doing);

/// Bytes on the current device, or page-locked bytes on the host.
class DeviceBuffer {
public:
    DeviceBuffer() = default;
    DeviceBuffer(DeviceBuffer&& other) noexcept { *this = std::move(other); }
    DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(bytes_, other.bytes_);
        std::swap(on_host_, other.on_host_);
        return *this;
    }
    ~DeviceBuffer();

    static Result<DeviceBuffer> make(std::uint64_t bytes, const std::string& what);
    static Result<DeviceBuffer> make_pinned(std::uint64_t bytes, const std::string& what);

    std::uint64_t bytes() const { return bytes_; }
    template <typename T>
    T* as() const {
        return static_cast<T*>(data_);
    }

private:
    void* data_ = nullptr;
    std::uint64_t bytes_ = 0;
    bool on_host_ = false;
};

/// Bytes a second, read plus written, of the best of some copies in the device's memory; 0 where there is no
/// room for them or no device.
double copy_speed(int device);

/// Hands out aligned stretches of one buffer: counts first (base null), then gives addresses.
class Carver {
public:
    explicit Carver(std::byte* base = nullptr) : base_(base) {}
    template <typename T>
    T* take(std::uint64_t count) {
        T* at = base_ ? reinterpret_cast<T*>(base_ + used_) : nullptr;
        used_ += (count * sizeof(T) + 255) / 256 * 256;
        return at;
    }
    std::uint64_t used() const { return used_; }

private:
    std::byte* base_;
    std::uint64_t used_ = 0;
};

}  // namespace pellucid::cuda
