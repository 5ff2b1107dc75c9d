// Writes GGUF version 3 files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/format/tensor_type.h"

namespace pellucid {

/// Collects metadata and tensors, then writes them at once. Tensor bytes are borrowed until write() returns.
/// Integers are written in 32 bits where the value (or every element) fits, else 64; numbers in single
/// precision where that loses nothing.
class GgufWriter {
public:
    Metadata& metadata() { return metadata_; }
    /// shape: contiguous dimension last, 1 to 4 dimensions.
    /// invalid_argument: a name taken, a shape that its type cannot have, or bytes of another size.
    Result<void> add_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                            std::span<const std::byte> bytes);
    /// Replaces `path` once everything is on the disk. Errors of FileWriter; invalid_argument for a bad
    /// general.alignment (default 32).
    Result<void> write(const std::string& path) const;

private:
    struct Entry {
        std::string name;
        TensorType type;
        std::vector<std::int64_t> shape;
        std::span<const std::byte> bytes;
    };
    Result<std::vector<std::byte>> header(std::uint64_t alignment) const;

    Metadata metadata_;
    std::vector<Entry> tensors_;
};

}  // namespace pellucid
