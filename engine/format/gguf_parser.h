// The walk over a GGUF header, apart from the object it fills.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/format/byte_reader.h"
#include "engine/format/gguf_file.h"

namespace pellucid {

/// Value type codes of GGUF metadata.
enum class GgufValueType : std::uint32_t {
    u8 = 0,
    i8 = 1,
    u16 = 2,
    i16 = 3,
    u32 = 4,
    i32 = 5,
    f32 = 6,
    boolean = 7,
    string = 8,
    array = 9,
    u64 = 10,
    i64 = 11,
    f64 = 12,
};

/// Fills one GgufFile from its bytes; used once.
class GgufParser {
public:
    GgufParser(std::span<const std::byte> bytes, GgufFile& file, GgufRead read)
        : bytes_(bytes), reader_(bytes), file_(file), read_(read), file_bytes_(bytes.size()) {}
    /// Only the first bytes of a file of `file_bytes` are here.
    GgufParser(std::span<const std::byte> bytes, GgufFile& file, std::uint64_t file_bytes)
        : bytes_(bytes), reader_(bytes), file_(file), file_bytes_(file_bytes), beginning_(true) {}
    Result<void> parse();
    /// After a failure: whether bytes that the file has, but are not here, would have been read.
    bool needs_more() const { return needs_more_; }

private:
    Result<void> parse_magic();
    Result<void> parse_metadata(std::uint64_t count);
    Result<void> parse_directory(std::uint64_t count);
    Result<FileTensor> parse_tensor(std::uint64_t index);
    Result<void> place_tensors();
    Result<MetaValue> parse_value(std::uint32_t type, const std::string& field, int depth);
    Result<MetaValue> parse_array(const std::string& field, int depth);
    Result<std::string> parse_string(const std::string& field);
    template <typename T>
    Result<T> parse_number(const std::string& field);

    Failure corrupt(const std::string& field, const std::string& why) const;
    Failure truncated(const std::string& field, std::uint64_t needed);
    /// Whether so many entries of at least `each` bytes are not here; notes whether the file may have them.
    bool too_many(std::uint64_t count, std::uint64_t each);

    std::span<const std::byte> bytes_;
    ByteReader reader_;
    GgufFile& file_;
    GgufRead read_ = GgufRead::whole;
    std::uint64_t file_bytes_;
    bool beginning_ = false, needs_more_ = false;
};

}  // namespace pellucid
