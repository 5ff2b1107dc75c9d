#include "engine/format/safetensors_file.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/base/checked_math.h"
#include "engine/base/file_writer.h"
#include "engine/format/byte_reader.h"

namespace pellucid {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference implementation's limit
constexpr int kMaxDepth = 4;                            // {name: {shape: [..]}}

struct Dtype {
    std::string_view name;
    TensorType type;
};
constexpr std::array kDtypes = {
    Dtype{"F32", TensorType::f32}, Dtype{"F16", TensorType::f16}, Dtype{"BF16", TensorType::bf16},
    Dtype{"F64", TensorType::f64}, Dtype{"I64", TensorType::i64}, Dtype{"I32", TensorType::i32},
    Dtype{"I16", TensorType::i16}, Dtype{"I8", TensorType::i8},
    // Only their bytes are read here; the writer takes the first of a type.
    Dtype{"F8_E4M3", TensorType::i8}, Dtype{"F8_E5M2", TensorType::i8}, Dtype{"F8_E8M0", TensorType::i8},
    Dtype{"U8", TensorType::i8}, Dtype{"BOOL", TensorType::i8}, Dtype{"U16", TensorType::i16},
    Dtype{"U32", TensorType::i32}, Dtype{"U64", TensorType::i64},
};

std::optional<std::uint64_t> byte_size(TensorType type, const std::vector<std::int64_t>& shape) {
    auto size = std::optional<std::uint64_t>(static_cast<std::uint64_t>(tensor_type_info(type)->block_bytes));
    for (const std::int64_t extent : shape)
        if (size) size = checked_mul(*size, static_cast<std::uint64_t>(extent));
    return size;
}

/// JSON to a tree, refusing what a header never holds: deep nesting and repeated names. Empty: not such JSON.
std::optional<json> parse_json(std::string_view text) {
    std::set<std::string> names;
    bool acceptable = true;
    const auto watch = [&](int depth, json::parse_event_t event, json& value) {
        if (depth > kMaxDepth) acceptable = false;
        if (event == json::parse_event_t::key && depth == 1 && !names.insert(value.get<std::string>()).second)
            acceptable = false;
        return acceptable;
    };
    json tree = json::parse(text, watch, /*allow_exceptions=*/false);
    if (!acceptable || tree.is_discarded() || !tree.is_object()) return std::nullopt;
    return tree;
}

}  // namespace

Result<std::shared_ptr<const SafetensorsFile>> SafetensorsFile::open(const std::string& path) {
    PELLUCID_TRY(auto mapping, MappedFile::open(path));
    std::shared_ptr<SafetensorsFile> file(new SafetensorsFile);
    file->path_ = path;
    file->mapping_ = mapping;
    PELLUCID_CHECK(file->parse_header(mapping->bytes()));
    return std::shared_ptr<const SafetensorsFile>(std::move(file));
}

Result<std::shared_ptr<const SafetensorsFile>> SafetensorsFile::parse(std::span<const std::byte> bytes,
                                                                      std::string name) {
    std::shared_ptr<SafetensorsFile> file(new SafetensorsFile);
    file->path_ = std::move(name);
    PELLUCID_CHECK(file->parse_header(bytes));
    return std::shared_ptr<const SafetensorsFile>(std::move(file));
}

Result<void> SafetensorsFile::parse_header(std::span<const std::byte> bytes) {
    const auto corrupt = [&](const std::string& why) {
        return fail(ErrorCode::corrupt, path_ + ": " + why,
                    "download the file again and compare its size with the source's");
    };
    ByteReader reader(bytes);
    std::uint64_t length = 0;
    std::string_view text;
    if (!reader.read(length)) return corrupt("not a safetensors file: it has fewer than 8 bytes");
    if (length > kMaxHeaderBytes || !reader.read(length, text))
        return corrupt("the header length of " + std::to_string(length) + " bytes does not fit the file");
    const auto header = parse_json(text);
    if (!header) return corrupt("the header is not a JSON object of distinct tensor names");
    const auto data = bytes.subspan(static_cast<std::size_t>(reader.position()));
    for (const auto& [name, entry] : header->items()) {
        if (name == "__metadata__") {
            if (!entry.is_object()) return corrupt("__metadata__ is not an object");
            for (const auto& [key, value] : entry.items()) {
                if (!value.is_string()) return corrupt("__metadata__ holds something else than strings");
                metadata_.emplace(key, value.get<std::string>());
            }
            continue;
        }
        const std::string field = "tensor '" + name.substr(0, 200) + "'";
        const auto natural = [](const json& v) {
            return v.is_number_unsigned() && v.get<std::uint64_t>() <= INT64_MAX;
        };
        if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
            !entry.contains("shape") || !entry["shape"].is_array() ||
            !std::ranges::all_of(entry["shape"], natural) || !entry.contains("data_offsets") ||
            !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2 ||
            !std::ranges::all_of(entry["data_offsets"], natural))
            return corrupt(field + " lacks a proper dtype, shape or data_offsets");
        const auto dtype = entry["dtype"].get<std::string>();
        const auto* const known = std::ranges::find(kDtypes, dtype, &Dtype::name);
        if (known == kDtypes.end())
            return fail(ErrorCode::unsupported,
                        path_ + ": " + field + " has the number format " + dtype.substr(0, 20),
                        "use a file in F32, F16 or BF16");
        FileTensor tensor{
            .name = name, .type = known->type, .dtype = known->name, .shape = entry["shape"].get<std::vector<std::int64_t>>()};
        const auto begin = entry["data_offsets"][0].get<std::uint64_t>(),
                   end = entry["data_offsets"][1].get<std::uint64_t>();
        const auto size = byte_size(tensor.type, tensor.shape);
        if (begin > end || end > data.size()) return corrupt(field + " lies outside the file");
        if (!size || *size != end - begin)
            return corrupt(field + " has " + std::to_string(end - begin) +
                           " bytes, which is not what its shape needs");
        tensor.offset = reader.position() + begin;
        tensor.size = *size;
        tensor.bytes = data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(*size));
        tensors_.push_back(std::move(tensor));
    }
    std::ranges::stable_sort(tensors_, {}, [](const FileTensor& t) { return std::pair(t.offset, t.size); });
    std::uint64_t end = reader.position();
    for (const auto& tensor : tensors_) {
        if (tensor.offset != end)
            return corrupt("tensor '" + tensor.name.substr(0, 200) +
                           (tensor.offset < end ? "' overlaps another" : "' follows a hole"));
        end += tensor.size;
    }
    if (end != bytes.size()) return corrupt("bytes follow the last tensor");
    for (std::size_t i = 0; i < tensors_.size(); ++i) by_name_.emplace(tensors_[i].name, i);
    return {};
}

const FileTensor* SafetensorsFile::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

Result<void> SafetensorsWriter::add_tensor(std::string name, TensorType type, std::vector<std::int64_t> shape,
                                           std::span<const std::byte> bytes) {
    const auto refuse = [&](const char* why) {
        return fail(ErrorCode::invalid_argument, "tensor '" + name + "' " + why);
    };
    if (std::ranges::find(kDtypes, type, &Dtype::type) == kDtypes.end())
        return refuse("has a number format that safetensors lacks");
    if (name == "__metadata__" ||
        std::ranges::any_of(tensors_, [&](const FileTensor& t) { return t.name == name; }))
        return refuse("has a name that is taken");
    if (std::ranges::any_of(shape, [](auto d) { return d < 0; }) || byte_size(type, shape) != bytes.size())
        return refuse("has a different number of bytes than its shape");
    tensors_.push_back({.name = std::move(name),
                        .type = type,
                        .shape = std::move(shape),
                        .size = bytes.size(),
                        .bytes = bytes});
    return {};
}

Result<void> SafetensorsWriter::write(const std::string& path) const {
    json header = json::object();
    if (!metadata_.empty()) header["__metadata__"] = metadata_;
    std::uint64_t offset = 0;
    for (const auto& tensor : tensors_) {
        header[tensor.name] = {{"dtype", std::ranges::find(kDtypes, tensor.type, &Dtype::type)->name},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, offset + tensor.size}}};
        offset += tensor.size;
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.append((8 - text.size() % 8) % 8, ' ');  // tensors begin 8-byte aligned
    const auto length = static_cast<std::uint64_t>(text.size());
    PELLUCID_TRY(FileWriter file, FileWriter::create(path));
    PELLUCID_CHECK(file.write(std::as_bytes(std::span(&length, 1))));
    PELLUCID_CHECK(file.write(std::as_bytes(std::span(text))));
    for (const auto& tensor : tensors_) PELLUCID_CHECK(file.write(tensor.bytes));
    return file.commit();
}

}  // namespace pellucid
