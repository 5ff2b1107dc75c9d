// An entry of a model file's tensor directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/tensor_type.h"

namespace pellucid {

/// A tensor as its file lists it, every number already checked against the file.
struct FileTensor {
    std::string name;
    TensorType type = TensorType::f32;
    /// What a safetensors file calls the number format. Where `type` has no such one, it is the whole number
    /// of the same width ("F8_E4M3", "U8" and "BOOL" are i8 …). Empty in GGUF.
    std::string_view dtype;
    std::vector<std::int64_t> shape;   ///< contiguous dimension LAST; every dimension at least 1 (GGUF)
    std::uint64_t offset = 0;          ///< of the first byte, from the beginning of the file
    std::uint64_t size = 0;            ///< bytes
    std::span<const std::byte> bytes;  ///< empty where only the header was read
};

}  // namespace pellucid
