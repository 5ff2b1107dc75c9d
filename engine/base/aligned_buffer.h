// A large block of zeroed memory straight from the system: aligned for vector loads, pages taken when
// touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/base/error.h"

namespace pellucid {

/// Owns `size` zeroed bytes, page-aligned (so at least 64). Moves, never copies. Large blocks ask for huge
/// pages.
class AlignedBuffer {
public:
    AlignedBuffer() = default;
    /// out_of_memory names the size.
    static Result<AlignedBuffer> allocate(std::size_t size);
    AlignedBuffer(AlignedBuffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~AlignedBuffer();

    std::byte* data() { return data_; }
    const std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }
    template <typename T>
    T* as() {
        return reinterpret_cast<T*>(data_);
    }
    template <typename T>
    const T* as() const {
        return reinterpret_cast<const T*>(data_);
    }

private:
    AlignedBuffer(std::byte* data, std::size_t size) : data_(data), size_(size) {}
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace pellucid
