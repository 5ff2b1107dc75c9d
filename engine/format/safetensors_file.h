// Reads and writes safetensors files: a bounded JSON header, then the tensors back to back.
// Format: https://github.com/huggingface/safetensors (README, "Format").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/mapped_file.h"
#include "engine/format/file_tensor.h"

namespace pellucid {

/// An open safetensors file. Immutable, thread safe. Number formats: F64 F32 F16 BF16 and whole numbers; of F8
/// only the bytes (FileTensor::dtype).
/// Errors of open: those of MappedFile::open; corrupt (which tensor, what); unsupported (another number
/// format).
class SafetensorsFile {
public:
    static Result<std::shared_ptr<const SafetensorsFile>> open(const std::string& path);
    /// The same over bytes that the caller keeps alive; `name` stands for the file in errors.
    static Result<std::shared_ptr<const SafetensorsFile>> parse(std::span<const std::byte> bytes,
                                                                std::string name);

    const std::string& path() const { return path_; }
    const std::vector<FileTensor>& tensors() const {
        return tensors_;
    }  ///< in file order; a scalar's shape is empty
    const FileTensor* find(std::string_view name) const;
    /// The mapping, for hints and resident size; null after parse().
    const std::shared_ptr<const MappedFile>& mapping() const { return mapping_; }
    const std::map<std::string, std::string>& metadata() const { return metadata_; }  ///< "__metadata__"

private:
    SafetensorsFile() = default;
    Result<void> parse_header(std::span<const std::byte> bytes);

    std::string path_;
    std::shared_ptr<const MappedFile> mapping_;
    std::vector<FileTensor> tensors_;
    std::map<std::string_view, std::size_t> by_name_;  // keys point into tensors_
    std::map<std::string, std::string> metadata_;
};

/// Collects tensors, then writes them at once. Bytes are borrowed until write() returns.
class SafetensorsWriter {
public:
    std::map<std::string, std::string>& metadata() { return metadata_; }
    /// invalid_argument: a name taken, a number format that safetensors lacks, or bytes of another size.
    Result<void> add_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                            std::span<const std::byte> bytes);
    Result<void> write(const std::string& path) const;

private:
    std::map<std::string, std::string> metadata_;
    std::vector<FileTensor> tensors_;
};

}  // namespace pellucid
