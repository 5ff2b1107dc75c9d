#include "storage/packed.h"

#include <zstd.h>

#include <cmath>
#include <cstring>

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

/// No page has as many; a damaged frame must not ask for all memory.
constexpr std::size_t kMostBoxBytes = std::size_t{256} << 20;

[[noreturn]] void damaged() {
    refuse(ErrorCode::corrupt, "A stored page of a document is damaged",
           "Remove the document and add it again; its file is not touched.");
}

void put_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

std::uint64_t get_varint(std::string_view bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        if (at >= bytes.size()) damaged();
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) return value;
    }
    damaged();
}

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

}  // namespace

std::string pack(std::string_view bytes) {
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 3);
    if (ZSTD_isError(size) != 0) refuse(ErrorCode::internal, "A text could not be compressed");
    packed.resize(size);
    return packed;
}

std::string unpack(std::string_view packed, std::size_t most) {
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > most) damaged();
    std::string bytes(size, '\0');
    const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != size) damaged();
    return bytes;
}

std::string pack_boxes(const std::vector<TextBox>& boxes) {
    // Differences to the box before: lines of a page are alike. Coordinates bit by bit, as they came.
    std::string plain;
    std::int64_t before = 0;
    put_varint(plain, boxes.size());
    for (const TextBox& box : boxes) {
        put_varint(plain, zigzag(static_cast<std::int64_t>(box.range.first) - before));
        put_varint(plain, box.range.size());
        before = box.range.last;
    }
    const std::size_t at = plain.size();
    plain.resize(at + boxes.size() * 16);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const float values[4] = {boxes[i].x, boxes[i].y, boxes[i].width, boxes[i].height};
        for (std::size_t k = 0; k < 4; ++k)
            std::memcpy(plain.data() + at + (k * boxes.size() + i) * 4, &values[k], 4);
    }
    return pack(plain);
}

std::vector<TextBox> unpack_boxes(std::string_view packed) {
    const std::string plain = unpack(packed, kMostBoxBytes);
    std::size_t at = 0;
    const std::uint64_t count = get_varint(plain, at);
    if (count > plain.size() / 18) damaged();  // two varints and four floats each
    std::vector<TextBox> boxes(count);
    std::int64_t before = 0;
    for (TextBox& box : boxes) {
        const std::int64_t first = before + unzigzag(get_varint(plain, at));
        const std::uint64_t size = get_varint(plain, at);
        if (first < 0 || first > UINT32_MAX || size > UINT32_MAX - static_cast<std::uint64_t>(first))
            damaged();
        box.range = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(first + size)};
        before = box.range.last;
    }
    if (plain.size() - at != count * 16) damaged();
    for (std::size_t i = 0; i < count; ++i) {
        float values[4];
        for (std::size_t k = 0; k < 4; ++k) {
            std::memcpy(&values[k], plain.data() + at + (k * count + i) * 4, 4);
            if (!std::isfinite(values[k])) damaged();
        }
        boxes[i].x = values[0], boxes[i].y = values[1], boxes[i].width = values[2],
        boxes[i].height = values[3];
    }
    return boxes;
}

}  // namespace pellucid::storage
