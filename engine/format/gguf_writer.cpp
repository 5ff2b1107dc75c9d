#include "engine/format/gguf_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "engine/base/checked_math.h"
#include "engine/base/file_writer.h"
#include "engine/format/gguf_parser.h"

namespace pellucid {

namespace {

class ByteSink {
public:
    template <typename T>
    requires std::is_arithmetic_v<T>
    void put(T value) {
        const auto* raw = reinterpret_cast<const std::byte*>(&value);
        bytes.insert(bytes.end(), raw, raw + sizeof(T));
    }
    void put(GgufValueType type) { put(static_cast<std::uint32_t>(type)); }
    void put(const std::string& text) {
        put<std::uint64_t>(text.size());
        const auto* raw = reinterpret_cast<const std::byte*>(text.data());
        bytes.insert(bytes.end(), raw, raw + text.size());
    }

    std::vector<std::byte> bytes;
};

template <typename T>
constexpr bool kIsNumber =
    std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::uint64_t> || std::is_same_v<T, double>;

/// Whether the 32-bit form of a widened number holds it exactly.
bool fits(std::int64_t value) {
    return std::in_range<std::int32_t>(value);
}
bool fits(std::uint64_t value) {
    return std::in_range<std::uint32_t>(value);
}
bool fits(double value) {
    return !std::isfinite(value) || (std::fabs(value) <= std::numeric_limits<float>::max() &&
                                     static_cast<double>(static_cast<float>(value)) == value);
}

GgufValueType narrow_type(std::int64_t) {
    return GgufValueType::i32;
}
GgufValueType narrow_type(std::uint64_t) {
    return GgufValueType::u32;
}
GgufValueType narrow_type(double) {
    return GgufValueType::f32;
}
GgufValueType wide_type(std::int64_t) {
    return GgufValueType::i64;
}
GgufValueType wide_type(std::uint64_t) {
    return GgufValueType::u64;
}
GgufValueType wide_type(double) {
    return GgufValueType::f64;
}

void put_narrow(ByteSink& sink, std::int64_t value) {
    sink.put(static_cast<std::int32_t>(value));
}
void put_narrow(ByteSink& sink, std::uint64_t value) {
    sink.put(static_cast<std::uint32_t>(value));
}
void put_narrow(ByteSink& sink, double value) {
    sink.put(static_cast<float>(value));
}

void put_value(ByteSink& sink, const MetaValue& value);

/// Element type, count, elements: an array without its own type code.
void put_array(ByteSink& sink, const MetaValue& value) {
    std::visit(
        [&](const auto& items) {
            using T = std::decay_t<decltype(items)>;
            if constexpr (std::is_same_v<T, MetaArrayOfArrays>) {
                sink.put(GgufValueType::array);
                sink.put<std::uint64_t>(items.items.size());
                for (const auto& item : items.items) put_array(sink, item);
            } else if constexpr (std::is_same_v<T, std::vector<bool>>) {
                sink.put(GgufValueType::boolean);
                sink.put<std::uint64_t>(items.size());
                for (const bool item : items) sink.put<std::uint8_t>(item ? 1 : 0);
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                sink.put(GgufValueType::string);
                sink.put<std::uint64_t>(items.size());
                for (const auto& item : items) sink.put(item);
            } else if constexpr (requires { items.begin(); } && !std::is_same_v<T, std::string>) {
                using Wide = typename T::value_type;
                const bool narrow = std::ranges::all_of(items, [](Wide item) { return fits(item); });
                sink.put(narrow ? narrow_type(Wide{}) : wide_type(Wide{}));
                sink.put<std::uint64_t>(items.size());
                for (const Wide item : items)
                    if (narrow)
                        put_narrow(sink, item);
                    else
                        sink.put(item);
            }
        },
        value.data);
}

void put_value(ByteSink& sink, const MetaValue& value) {
    std::visit(
        [&](const auto& item) {
            using T = std::decay_t<decltype(item)>;
            if constexpr (std::is_same_v<T, bool>) {
                sink.put(GgufValueType::boolean);
                sink.put<std::uint8_t>(item ? 1 : 0);
            } else if constexpr (std::is_same_v<T, std::string>) {
                sink.put(GgufValueType::string);
                sink.put(item);
            } else if constexpr (kIsNumber<T>) {
                sink.put(fits(item) ? narrow_type(item) : wide_type(item));
                if (fits(item))
                    put_narrow(sink, item);
                else
                    sink.put(item);
            } else {
                sink.put(GgufValueType::array);
                put_array(sink, value);
            }
        },
        value.data);
}

/// The innermost values of nested arrays must be arrays: the format has no mixed ones.
bool well_nested(const MetaArrayOfArrays& array) {
    return std::ranges::all_of(array.items, [](const MetaValue& item) {
        if (const auto* inner = std::get_if<MetaArrayOfArrays>(&item.data)) return well_nested(*inner);
        return item.data.index() >= 5;  // the vectors follow the scalars in MetaValue
    });
}

}  // namespace

Result<void> GgufWriter::add_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                                    std::span<const std::byte> bytes) {
    const auto info = tensor_type_info(type);
    const auto refuse = [&](const char* why) {
        return fail(ErrorCode::invalid_argument, "tensor '" + name + "' " + why);
    };
    if (!info) return refuse("has an unknown type");
    if (name.empty()) return refuse("has no name");
    if (std::ranges::any_of(tensors_, [&](const Entry& t) { return t.name == name; }))
        return refuse("was added twice");
    if (shape.empty() || shape.size() > 4 || std::ranges::any_of(shape, [](auto d) { return d < 1; }))
        return refuse("needs 1 to 4 positive dimensions");
    if (shape.back() % info->block_values != 0) return refuse("has rows that its blocks do not divide");
    auto size = static_cast<std::uint64_t>(shape.back() / info->block_values) *
                static_cast<std::uint64_t>(info->block_bytes);
    for (std::size_t d = 0; d + 1 < shape.size(); ++d) {
        const auto product = checked_mul(size, static_cast<std::uint64_t>(shape[d]));
        if (!product) return refuse("is too large");
        size = *product;
    }
    if (size != bytes.size()) return refuse("has a different number of bytes than its shape");
    tensors_.push_back({std::move(name), type, std::move(shape), bytes});
    return {};
}

Result<std::vector<std::byte>> GgufWriter::header(std::uint64_t alignment) const {
    ByteSink sink;
    for (const char c : {'G', 'G', 'U', 'F'}) sink.put(c);
    sink.put<std::uint32_t>(3);
    sink.put<std::uint64_t>(tensors_.size());
    sink.put<std::uint64_t>(metadata_.all().size());
    for (const auto& [key, value] : metadata_.all()) {
        if (key.empty() || key.size() > 65535)
            return fail(ErrorCode::invalid_argument, "a metadata key must have 1 to 65535 bytes");
        if (const auto* nested = std::get_if<MetaArrayOfArrays>(&value.data); nested && !well_nested(*nested))
            return fail(ErrorCode::invalid_argument,
                        "metadata key '" + key + "' mixes arrays and single values");
        sink.put(key);
        put_value(sink, value);
    }
    std::uint64_t offset = 0;
    for (const auto& tensor : tensors_) {
        sink.put(tensor.name);
        sink.put(static_cast<std::uint32_t>(tensor.shape.size()));
        for (auto d = tensor.shape.rbegin(); d != tensor.shape.rend(); ++d)
            sink.put(static_cast<std::uint64_t>(*d));
        sink.put(static_cast<std::uint32_t>(tensor.type));
        sink.put(offset);
        offset += (tensor.bytes.size() + alignment - 1) / alignment * alignment;
    }
    return std::move(sink.bytes);
}

Result<void> GgufWriter::write(const std::string& path) const {
    PELLUCID_TRY(const std::int64_t alignment, metadata_.integer_or("general.alignment", 32));
    if (alignment < 1 || alignment > (1 << 20) || !std::has_single_bit(static_cast<std::uint64_t>(alignment)))
        return fail(ErrorCode::invalid_argument, "general.alignment must be a power of two up to 1048576");
    const auto align = static_cast<std::uint64_t>(alignment);
    PELLUCID_TRY(const auto head, header(align));
    PELLUCID_TRY(FileWriter file, FileWriter::create(path));
    PELLUCID_CHECK(file.write(head));
    for (const auto& tensor : tensors_) {
        PELLUCID_CHECK(file.pad_to(align));
        PELLUCID_CHECK(file.write(tensor.bytes));
    }
    PELLUCID_CHECK(file.pad_to(align));
    return file.commit();
}

}  // namespace pellucid
