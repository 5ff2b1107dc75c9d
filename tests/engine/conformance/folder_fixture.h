// A Hugging Face folder made from a GGUF fixture by the recipe that fixtures/folders/make_folders.py wrote.
#pragma once

#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "engine/format/gguf_file.h"
#include "engine/format/json_file.h"
#include "engine/format/safetensors_file.h"
#include "tests/engine/conformance/driver.h"

namespace pellucid::test {

/// Numbers of `width` bytes in an order of axes; contiguous axis last.
struct Block {
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
    std::size_t width = 4;

    std::int64_t count() const {
        return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    }
    Block reordered(const std::vector<std::int64_t>& order) const {
        Block result{{}, std::vector<std::byte>(bytes.size()), width};
        std::vector<std::int64_t> strides(shape.size(), 1);
        for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
        for (const std::int64_t axis : order) result.shape.push_back(shape[static_cast<std::size_t>(axis)]);
        std::vector<std::int64_t> at(order.size(), 0);
        for (std::int64_t i = 0; i < count(); ++i) {
            std::int64_t from = 0;
            for (std::size_t a = 0; a < order.size(); ++a)
                from += at[a] * strides[static_cast<std::size_t>(order[a])];
            std::memcpy(result.bytes.data() + static_cast<std::size_t>(i) * width,
                        bytes.data() + static_cast<std::size_t>(from) * width, width);
            for (std::size_t a = order.size(); a-- > 0;) {
                if (++at[a] < result.shape[a]) break;
                at[a] = 0;
            }
        }
        return result;
    }
};

/// Parts that agree but along `axis`.
inline Block joined(const std::vector<Block>& parts, std::size_t axis) {
    Block result{parts[0].shape, {}, parts[0].width};
    result.shape[axis] = 0;
    for (const Block& part : parts) result.shape[axis] += part.shape[axis];
    std::int64_t outer = 1;
    for (std::size_t i = 0; i < axis; ++i) outer *= result.shape[i];
    for (std::int64_t o = 0; o < outer; ++o)
        for (const Block& part : parts) {
            const auto chunk = static_cast<std::ptrdiff_t>(part.bytes.size()) / outer;
            result.bytes.insert(result.bytes.end(), part.bytes.begin() + o * chunk,
                                part.bytes.begin() + (o + 1) * chunk);
        }
    return result;
}

/// The GGUF file that the folder of fixture `name` is made of.
inline std::string gguf_of_folder(const std::string& name) {
    return name == "deepseek3_mtp" ? std::string(PELLUCID_FIXTURES) + "/mtp/mtp.gguf"
                                   : fixture_path(name + ".gguf");
}

/// The tensors of fixture `name` as its folder stores them.
inline std::map<std::string, Block> folder_tensors(const std::string& name) {
    const auto file = must(GgufFile::open(gguf_of_folder(name)));
    const auto recipes =
        must(read_json_file(std::string(PELLUCID_FIXTURES) + "/folders/" + name + "/tensors.json", 8));
    std::map<std::string, Block> tensors;
    for (const auto& [target, recipe] : recipes.items()) {
        std::vector<Block> parts;
        for (const auto& from : recipe["from"]) {
            const FileTensor* source = file->find(from[0].get<std::string>());
            if (!source) throw std::runtime_error("no tensor " + from.dump());
            Block part{from[2].get<std::vector<std::int64_t>>(),
                       {source->bytes.begin(), source->bytes.end()},
                       source->type == TensorType::f32 ? 4u : 2u};
            if (!from[1].is_null()) {
                const auto size = static_cast<std::size_t>(part.count()) * part.width;
                const auto* begin = source->bytes.data() + from[1].get<std::size_t>() * size;
                part.bytes.assign(begin, begin + size);
            }
            parts.push_back(part.reordered(from[3].get<std::vector<std::int64_t>>()));
        }
        Block whole = parts.size() == 1 ? parts[0] : joined(parts, recipe["join"].get<std::size_t>());
        if (recipe.contains("view")) whole.shape = recipe["view"].get<std::vector<std::int64_t>>();
        if (recipe.contains("order"))
            whole = whole.reordered(recipe["order"].get<std::vector<std::int64_t>>());
        whole.shape = recipe["shape"].get<std::vector<std::int64_t>>();
        if (recipe.contains("add"))
            for (std::size_t i = 0; i < whole.bytes.size(); i += 4) {
                float value = 0;
                std::memcpy(&value, whole.bytes.data() + i, 4);
                value += recipe["add"].get<float>();
                std::memcpy(whole.bytes.data() + i, &value, 4);
            }
        tensors.emplace(target, std::move(whole));
    }
    return tensors;
}

inline TensorType type_of(const Block& block) {
    return block.width == 4 ? TensorType::f32 : TensorType::f16;
}

/// Writes the folder: one file, or `files` of them with an index. `config`: "config.json" or
/// "config_v4.json".
inline void write_folder(const std::string& name, const std::string& folder,
                         const std::string& config = "config.json", int files = 1) {
    namespace fs = std::filesystem;
    fs::create_directories(folder);
    fs::copy_file(std::string(PELLUCID_FIXTURES) + "/folders/" + name + "/" + config, folder + "/config.json",
                  fs::copy_options::overwrite_existing);
    const auto tensors = folder_tensors(name);
    std::vector<SafetensorsWriter> writers(static_cast<std::size_t>(files));
    nlohmann::json index = {{"metadata", {{"total_size", 0}}}, {"weight_map", nlohmann::json::object()}};
    const auto file_name = [&](std::size_t i) {
        char text[64];
        std::snprintf(text, sizeof text, "model-%05zu-of-%05d.safetensors", i + 1, files);
        return files == 1 ? std::string("model.safetensors") : std::string(text);
    };
    std::size_t next = 0;
    for (const auto& [target, block] : tensors) {
        const std::size_t file = next++ % writers.size();
        if (!writers[file].add_tensor(target, type_of(block), block.shape, block.bytes))
            throw std::runtime_error("add_tensor");
        index["weight_map"][target] = file_name(file);
    }
    for (std::size_t i = 0; i < writers.size(); ++i)
        if (!writers[i].write(folder + "/" + file_name(i))) throw std::runtime_error("write");
    if (files > 1) std::ofstream(folder + "/model.safetensors.index.json") << index.dump();
}

}  // namespace pellucid::test
