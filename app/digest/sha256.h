// SHA-256 (FIPS 180-4) by OpenSSL's EVP, which uses what the processor has for it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pellucid::digest {

using Hash = std::array<std::byte, 32>;

/// A digest being computed over bytes given in order. Copying it copies the state: a copy may go on
/// elsewhere.
class Sha256 {
public:
    Sha256();
    Sha256(const Sha256& other);
    Sha256& operator=(const Sha256& other);
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void add(std::span<const std::byte> bytes);
    /// The digest of what was added. Afterwards the object stands at the beginning again.
    Hash finish();

    static Hash of(std::span<const std::byte> bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// 64 lower-case hexadecimal digits.
std::string to_hex(const Hash& hash);
/// Of 64 hexadecimal digits, upper or lower case, with or without a leading "sha256:" or "sha256-"; else
/// none.
std::optional<Hash> from_hex(std::string_view text);

}  // namespace pellucid::digest
