// A cursor over untrusted little-endian bytes: every read says whether the bytes were there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace pellucid {

static_assert(std::endian::native == std::endian::little, "files are read in place");

class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::uint64_t position() const { return position_; }
    std::uint64_t remaining() const { return bytes_.size() - position_; }

    template <typename T>
    requires std::is_arithmetic_v<T>
    bool read(T& value) {
        if (remaining() < sizeof(T)) return false;
        std::memcpy(&value, bytes_.data() + position_, sizeof(T));
        position_ += sizeof(T);
        return true;
    }

    /// The next `length` bytes, borrowed.
    bool read(std::uint64_t length, std::string_view& text) {
        if (remaining() < length) return false;
        text = {reinterpret_cast<const char*>(bytes_.data()) + position_, static_cast<std::size_t>(length)};
        position_ += length;
        return true;
    }

private:
    std::span<const std::byte> bytes_;
    std::uint64_t position_ = 0;
};

}  // namespace pellucid
