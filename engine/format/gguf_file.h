// Reads GGUF model files (versions 2 and 3, little endian): metadata and tensor directory, the weights where
// they lie. Format: docs/gguf.md of the ggml project. Nothing in the file is believed before it is checked.
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
#include "engine/format/metadata.h"

namespace pellucid {

enum class GgufRead {
    whole,        ///< every tensor's bytes must be there
    header_only,  ///< metadata and directory; the file may end after them (inspect, plans)
};

/// An open GGUF file. Immutable, thread safe. Views into it live as long as it does.
///
/// Errors of open: those of MappedFile::open; corrupt (which field, what it says, how many bytes there are);
/// unsupported (another version, byte order or tensor type).
class GgufFile {
public:
    static Result<std::shared_ptr<const GgufFile>> open(const std::string& path,
                                                        GgufRead read = GgufRead::whole);
    /// The same over bytes that the caller keeps alive; `name` stands for the file in errors.
    static Result<std::shared_ptr<const GgufFile>> parse(std::span<const std::byte> bytes, std::string name,
                                                         GgufRead read = GgufRead::whole);

    /// The first bytes of a file of `file_bytes`, which may be elsewhere; they are not looked at afterwards, and
    /// no tensor has its bytes. Null: the header goes on behind them. Every tensor must end within the file.
    static Result<std::shared_ptr<const GgufFile>> parse_beginning(std::span<const std::byte> bytes,
                                                                   std::uint64_t file_bytes,
                                                                   std::string name);

    const std::string& path() const { return path_; }
    std::uint32_t version() const { return version_; }
    std::uint64_t alignment() const { return alignment_; }
    std::uint64_t data_offset() const { return data_offset_; }  ///< where tensor data begins in the file
    std::uint64_t file_size() const { return file_size_; }
    const Metadata& metadata() const { return metadata_; }
    const std::vector<FileTensor>& tensors() const { return tensors_; }  ///< in file order
    const FileTensor* find(std::string_view name) const;
    /// The mapping, for hints and resident size; null after parse().
    const std::shared_ptr<const MappedFile>& mapping() const { return mapping_; }

private:
    friend class GgufParser;
    GgufFile() = default;

    std::string path_;
    std::shared_ptr<const MappedFile> mapping_;
    std::uint32_t version_ = 0;
    std::uint64_t alignment_ = 32, data_offset_ = 0, file_size_ = 0;
    Metadata metadata_;
    std::vector<FileTensor> tensors_;
    std::map<std::string_view, std::size_t> by_name_;  // keys point into tensors_
};

}  // namespace pellucid
