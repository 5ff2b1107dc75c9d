// GGUF files made byte by byte, so that any field can be wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::test {

struct GgufBytes {
    std::vector<std::byte> bytes;

    template <typename T>
    GgufBytes& put(T value) {
        const auto* raw = reinterpret_cast<const std::byte*>(&value);
        bytes.insert(bytes.end(), raw, raw + sizeof value);
        return *this;
    }
    GgufBytes& text(std::string_view value) {
        put<std::uint64_t>(value.size());
        const auto* raw = reinterpret_cast<const std::byte*>(value.data());
        bytes.insert(bytes.end(), raw, raw + value.size());
        return *this;
    }
    GgufBytes& header(std::uint64_t tensors, std::uint64_t pairs, std::uint32_t version = 3) {
        for (const char c : {'G', 'G', 'U', 'F'}) put(c);
        return put(version).put(tensors).put(pairs);
    }
    GgufBytes& u32(std::string_view key, std::uint32_t value) {
        return text(key).put<std::uint32_t>(4).put(value);
    }
    GgufBytes& tensor(std::string_view name, const std::vector<std::uint64_t>& file_order_dims,
                      std::uint32_t type, std::uint64_t offset) {
        text(name).put(static_cast<std::uint32_t>(file_order_dims.size()));
        for (const auto d : file_order_dims) put(d);
        return put(type).put(offset);
    }
    GgufBytes& data(std::size_t size, std::size_t alignment = 32) {
        bytes.resize((bytes.size() + alignment - 1) / alignment * alignment + size, std::byte{7});
        return *this;
    }
    std::span<const std::byte> span() const { return bytes; }
};

/// One pair, one F32 tensor "t" [2 rows, 4 columns].
inline GgufBytes small_file() {
    GgufBytes file;
    file.header(1, 1).u32("n", 5).tensor("t", {4, 2}, 0, 0).data(32);
    return file;
}

}  // namespace pellucid::test
