#include "engine/format/gguf_parser.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "engine/base/checked_math.h"

namespace pellucid {

namespace {

constexpr std::uint64_t kMaxKeyBytes = 65535;  // the specification's limit
constexpr std::uint64_t kMaxTensorNameBytes =
    1024;  // the specification says 64; longer names appear in adapters
constexpr std::uint32_t kMaxDimensions = 4;
constexpr std::uint64_t kMaxAlignment = 1 << 20;
constexpr int kMaxArrayDepth = 4;
// The fewest bytes an entry can take: what a count must be consistent with before anything is reserved for
// it.
constexpr std::uint64_t kMinPairBytes = 8 + 1 + 4 + 1;
constexpr std::uint64_t kMinTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

const char* const kDownloadAgain = "download the file again and compare its size with the source's";

std::string quoted(std::string_view name) {
    // Names come from the file: show what is printable, and not a screenful.
    std::string text = "'";
    for (const char c : name.substr(0, 80)) text += c >= 0x20 && c != 0x7f ? c : '?';
    return text + (name.size() > 80 ? "…'" : "'");
}

/// What a file is that is not GGUF, where its first bytes tell.
const char* guess_kind(std::string_view head) {
    const auto begins = [&](std::string_view with) { return head.starts_with(with); };
    if (begins("FUGG")) return "the file is byte-swapped; use a little-endian conversion";
    if (begins("lmgg") || begins("tjgg") || begins("fmgg") || begins("algg"))
        return "this is a model in a format older than GGUF; convert it or download a GGUF file";
    if (begins("version https://git-lfs"))
        return "this is a Git LFS pointer, not the model; download the file itself";
    if (begins("<!DOCTYPE") || begins("<!doctype") || begins("<html"))
        return "this is a web page saved in place of the model; download the file again";
    if (begins("PK\x03\x04")) return "this is a zip archive or a PyTorch checkpoint; download a GGUF file";
    if (head.size() > 8 && head[8] == '{')
        return "this looks like a safetensors file; open its folder instead";
    return "choose a GGUF model file";
}

}  // namespace

Failure GgufParser::corrupt(const std::string& field, const std::string& why) const {
    return fail(ErrorCode::corrupt, file_.path_ + ": " + field + " " + why, kDownloadAgain);
}

bool GgufParser::too_many(std::uint64_t count, std::uint64_t each) {
    if (count <= reader_.remaining() / each) return false;
    needs_more_ = count <= (file_bytes_ - reader_.position()) / each;
    return true;
}

Failure GgufParser::truncated(const std::string& field, std::uint64_t needed) {
    needs_more_ = needed <= file_bytes_ - reader_.position();
    return corrupt(field, "needs " + std::to_string(needed) + " bytes but the file ends after " +
                              std::to_string(reader_.remaining()));
}

template <typename T>
Result<T> GgufParser::parse_number(const std::string& field) {
    T value{};
    if (!reader_.read(value)) return truncated(field, sizeof(T));
    return value;
}

Result<std::string> GgufParser::parse_string(const std::string& field) {
    PELLUCID_TRY(const std::uint64_t length, parse_number<std::uint64_t>(field));
    std::string_view text;
    if (!reader_.read(length, text)) return truncated(field, length);
    return std::string(text);
}

Result<void> GgufParser::parse() {
    file_.file_size_ = file_bytes_;
    PELLUCID_CHECK(parse_magic());
    PELLUCID_TRY(const std::uint64_t tensors, parse_number<std::uint64_t>("the tensor count"));
    PELLUCID_TRY(const std::uint64_t pairs, parse_number<std::uint64_t>("the metadata count"));
    if (too_many(tensors, kMinTensorBytes))
        return corrupt("the tensor count",
                       "of " + std::to_string(tensors) + " is more than the file can hold");
    if (too_many(pairs, kMinPairBytes))
        return corrupt("the metadata count",
                       "of " + std::to_string(pairs) + " is more than the file can hold");
    PELLUCID_CHECK(parse_metadata(pairs));
    PELLUCID_CHECK(parse_directory(tensors));
    return place_tensors();
}

Result<void> GgufParser::parse_magic() {
    const std::string_view head(reinterpret_cast<const char*>(bytes_.data()),
                                std::min<std::size_t>(bytes_.size(), 64));
    if (head.empty()) return fail(ErrorCode::corrupt, file_.path_ + " is empty", kDownloadAgain);
    if (!head.starts_with("GGUF"))
        return fail(ErrorCode::corrupt, file_.path_ + " is not a GGUF file (its first bytes are not 'GGUF')",
                    guess_kind(head));
    std::string_view magic;
    (void)reader_.read(4, magic);
    PELLUCID_TRY(file_.version_, parse_number<std::uint32_t>("the version"));
    if (file_.version_ == 2 || file_.version_ == 3) return {};
    if ((file_.version_ & 0xffff) == 0)
        return fail(ErrorCode::unsupported, file_.path_ + " is a big-endian GGUF file",
                    "use a little-endian conversion of the model");
    return fail(
        ErrorCode::unsupported,
        file_.path_ + ": GGUF version " + std::to_string(file_.version_) +
            " is not one this program reads (2, 3)",
        file_.version_ < 2 ? "convert the model again with a current converter" : "update this program");
}

Result<void> GgufParser::parse_metadata(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string where = "metadata key " + std::to_string(i);
        PELLUCID_TRY(std::string key, parse_string(where));
        if (key.empty() || key.size() > kMaxKeyBytes)
            return corrupt(where, "has a name of " + std::to_string(key.size()) + " bytes");
        const std::string field = "metadata key " + quoted(key);
        if (file_.metadata_.contains(key)) return corrupt(field, "appears twice");
        PELLUCID_TRY(const std::uint32_t type, parse_number<std::uint32_t>(field));
        PELLUCID_TRY(MetaValue value, parse_value(type, field, 0));
        file_.metadata_.set(std::move(key), std::move(value));
    }
    if (file_.metadata_.contains("general.alignment")) {
        const auto alignment = file_.metadata_.integer("general.alignment");
        if (!alignment) return corrupt("metadata key 'general.alignment'", "is not an integer");
        const auto value = static_cast<std::uint64_t>(*alignment);
        if (*alignment < 1 || value > kMaxAlignment || !std::has_single_bit(value))
            return corrupt("metadata key 'general.alignment'", "is " + std::to_string(*alignment) +
                                                                   ", not a power of two up to " +
                                                                   std::to_string(kMaxAlignment));
        file_.alignment_ = value;
    }
    return {};
}

Result<MetaValue> GgufParser::parse_value(std::uint32_t type, const std::string& field, int depth) {
    const auto widened = [&]<typename Wide, typename T>(Wide, T) -> Result<MetaValue> {
        PELLUCID_TRY(const T value, parse_number<T>(field));
        return MetaValue{static_cast<Wide>(value)};
    };
    using I = std::int64_t;
    using U = std::uint64_t;
    switch (static_cast<GgufValueType>(type)) {
        case GgufValueType::u8:
            return widened(U{}, std::uint8_t{});
        case GgufValueType::i8:
            return widened(I{}, std::int8_t{});
        case GgufValueType::u16:
            return widened(U{}, std::uint16_t{});
        case GgufValueType::i16:
            return widened(I{}, std::int16_t{});
        case GgufValueType::u32:
            return widened(U{}, std::uint32_t{});
        case GgufValueType::i32:
            return widened(I{}, std::int32_t{});
        case GgufValueType::u64:
            return widened(U{}, std::uint64_t{});
        case GgufValueType::i64:
            return widened(I{}, std::int64_t{});
        case GgufValueType::f32:
            return widened(double{}, float{});
        case GgufValueType::f64:
            return widened(double{}, double{});
        case GgufValueType::boolean: {
            PELLUCID_TRY(const auto value, parse_number<std::uint8_t>(field));
            if (value > 1) return corrupt(field, "is a boolean with the value " + std::to_string(value));
            return MetaValue{value == 1};
        }
        case GgufValueType::string: {
            PELLUCID_TRY(std::string value, parse_string(field));
            return MetaValue{std::move(value)};
        }
        case GgufValueType::array:
            return parse_array(field, depth);
    }
    return corrupt(field, "has the unknown value type " + std::to_string(type));
}

Result<MetaValue> GgufParser::parse_array(const std::string& field, int depth) {
    if (depth >= kMaxArrayDepth)
        return corrupt(field, "nests arrays more than " + std::to_string(kMaxArrayDepth) + " deep");
    PELLUCID_TRY(const auto code, parse_number<std::uint32_t>(field));
    PELLUCID_TRY(const auto count, parse_number<std::uint64_t>(field));
    const auto type = static_cast<GgufValueType>(code);
    const auto refuse = [&] {
        return corrupt(field, "claims " + std::to_string(count) + " elements but only " +
                                  std::to_string(reader_.remaining()) + " bytes follow");
    };
    const auto numbers = [&]<typename Wide, typename T>(Wide, T) -> Result<MetaValue> {
        if (too_many(count, sizeof(T))) return refuse();
        std::vector<Wide> values(static_cast<std::size_t>(count));
        for (auto& wide : values) {
            T value{};
            (void)reader_.read(value);  // the count was checked against the bytes
            wide = static_cast<Wide>(value);
        }
        return MetaValue{std::move(values)};
    };
    using I = std::int64_t;
    using U = std::uint64_t;
    switch (type) {
        case GgufValueType::u8:
            return numbers(U{}, std::uint8_t{});
        case GgufValueType::i8:
            return numbers(I{}, std::int8_t{});
        case GgufValueType::u16:
            return numbers(U{}, std::uint16_t{});
        case GgufValueType::i16:
            return numbers(I{}, std::int16_t{});
        case GgufValueType::u32:
            return numbers(U{}, std::uint32_t{});
        case GgufValueType::i32:
            return numbers(I{}, std::int32_t{});
        case GgufValueType::u64:
            return numbers(U{}, std::uint64_t{});
        case GgufValueType::i64:
            return numbers(I{}, std::int64_t{});
        case GgufValueType::f32:
            return numbers(double{}, float{});
        case GgufValueType::f64:
            return numbers(double{}, double{});
        case GgufValueType::boolean: {
            if (too_many(count, 1)) return refuse();
            std::vector<bool> values;
            values.reserve(static_cast<std::size_t>(count));
            for (std::uint64_t i = 0; i < count; ++i) {
                PELLUCID_TRY(const auto value, parse_number<std::uint8_t>(field));
                if (value > 1)
                    return corrupt(field, "holds a boolean with the value " + std::to_string(value));
                values.push_back(value == 1);
            }
            return MetaValue{std::move(values)};
        }
        case GgufValueType::string: {
            if (too_many(count, 8)) return refuse();
            std::vector<std::string> values;
            values.reserve(static_cast<std::size_t>(count));
            for (std::uint64_t i = 0; i < count; ++i) {
                PELLUCID_TRY(std::string value, parse_string(field));
                values.push_back(std::move(value));
            }
            return MetaValue{std::move(values)};
        }
        case GgufValueType::array: {
            if (too_many(count, 4 + 8)) return refuse();
            MetaArrayOfArrays nested;
            nested.items.reserve(static_cast<std::size_t>(count));
            for (std::uint64_t i = 0; i < count; ++i) {
                PELLUCID_TRY(MetaValue value, parse_array(field, depth + 1));
                nested.items.push_back(std::move(value));
            }
            return MetaValue{std::move(nested)};
        }
    }
    return corrupt(field, "is an array of the unknown value type " + std::to_string(code));
}

Result<void> GgufParser::parse_directory(std::uint64_t count) {
    file_.tensors_.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        PELLUCID_TRY(FileTensor tensor, parse_tensor(i));
        file_.tensors_.push_back(std::move(tensor));
    }
    for (std::size_t i = 0; i < file_.tensors_.size(); ++i)
        if (!file_.by_name_.emplace(file_.tensors_[i].name, i).second)
            return corrupt("tensor " + quoted(file_.tensors_[i].name), "appears twice");
    return {};
}

/// A directory entry; its offset is still relative to the data section.
Result<FileTensor> GgufParser::parse_tensor(std::uint64_t index) {
    const std::string where = "tensor " + std::to_string(index);
    FileTensor tensor;
    PELLUCID_TRY(tensor.name, parse_string(where + " name"));
    if (tensor.name.empty() || tensor.name.size() > kMaxTensorNameBytes)
        return corrupt(where, "has a name of " + std::to_string(tensor.name.size()) + " bytes");
    const std::string field = "tensor " + quoted(tensor.name);
    PELLUCID_TRY(const auto dimensions, parse_number<std::uint32_t>(field));
    if (dimensions < 1 || dimensions > kMaxDimensions)
        return corrupt(field, "has " + std::to_string(dimensions) + " dimensions (1 to 4 are possible)");
    std::uint64_t rows = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d) {
        PELLUCID_TRY(const auto extent, parse_number<std::uint64_t>(field));
        if (extent < 1 || extent > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return corrupt(field, "has the dimension " + std::to_string(static_cast<std::int64_t>(extent)));
        // The file lists the contiguous dimension first.
        tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(extent));
        if (d == 0) continue;
        const auto product = checked_mul(rows, extent);
        if (!product) return corrupt(field, "is larger than any file can be");
        rows = *product;
    }
    PELLUCID_TRY(const auto code, parse_number<std::uint32_t>(field));
    const auto info = tensor_type_info(static_cast<TensorType>(code));
    if (!info)
        return fail(ErrorCode::unsupported,
                    file_.path_ + ": " + field + " has the type code " + std::to_string(code) +
                        ", which this program does not know",
                    "update this program, or choose another quantisation of the model");
    tensor.type = info->type;
    const auto columns = static_cast<std::uint64_t>(tensor.shape.back());
    const auto block = static_cast<std::uint64_t>(info->block_values);
    if (columns % block != 0)
        return corrupt(field, "has rows of " + std::to_string(columns) + " values, which blocks of " +
                                  std::to_string(block) + " (" + std::string(info->name) + ") do not divide");
    const auto row_bytes = checked_mul(columns / block, static_cast<std::uint64_t>(info->block_bytes));
    const auto size = row_bytes ? checked_mul(*row_bytes, rows) : std::nullopt;
    const auto elements = checked_mul(columns, rows);
    if (!size || !elements ||
        *elements > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return corrupt(field, "is larger than any file can be");
    tensor.size = *size;
    PELLUCID_TRY(tensor.offset, parse_number<std::uint64_t>(field));
    return tensor;
}

/// Turns relative offsets into places in the file, once the end of the directory is known.
Result<void> GgufParser::place_tensors() {
    const auto padded =
        checked_add(reader_.position(), file_.alignment_ - 1);  // cannot overflow: a position in memory
    file_.data_offset_ = *padded / file_.alignment_ * file_.alignment_;
    for (auto& tensor : file_.tensors_) {
        const std::string field = "tensor " + quoted(tensor.name);
        if (tensor.offset % file_.alignment_ != 0)
            return corrupt(field, "begins at " + std::to_string(tensor.offset) +
                                      ", not at a multiple of the alignment " +
                                      std::to_string(file_.alignment_));
        const auto begin = checked_add(file_.data_offset_, tensor.offset);
        const auto end = begin ? checked_add(*begin, tensor.size) : std::nullopt;
        if (!end) return corrupt(field, "lies beyond the end of any file");
        tensor.offset = *begin;
        if (beginning_ && *end <= file_bytes_) {
            continue;  // its bytes, if they are here, will not be for long
        } else if (*end <= bytes_.size() && !beginning_) {
            tensor.bytes =
                bytes_.subspan(static_cast<std::size_t>(*begin), static_cast<std::size_t>(tensor.size));
        } else if (read_ == GgufRead::whole) {
            return corrupt(field, "ends at byte " + std::to_string(*end) + " but the file has only " +
                                      std::to_string(file_bytes_));
        }
    }
    std::vector<const FileTensor*> by_place;
    for (const auto& tensor : file_.tensors_) by_place.push_back(&tensor);
    std::ranges::sort(by_place, {}, &FileTensor::offset);
    for (std::size_t i = 1; i < by_place.size(); ++i)
        if (by_place[i - 1]->offset + by_place[i - 1]->size > by_place[i]->offset)
            return corrupt("tensor " + quoted(by_place[i]->name),
                           "overlaps tensor " + quoted(by_place[i - 1]->name));
    return {};
}

}  // namespace pellucid
