#include "app/digest/sha256.h"

#include <openssl/evp.h>

#include <new>

namespace pellucid::digest {

struct Sha256::State {
    State() : context(EVP_MD_CTX_new()) {
        if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) {
            EVP_MD_CTX_free(context);
            throw std::bad_alloc();  // the only way in which SHA-256 can be refused
        }
    }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256::Sha256(const Sha256& other) : Sha256() {
    if (EVP_MD_CTX_copy_ex(state_->context, other.state_->context) != 1) throw std::bad_alloc();
}

Sha256& Sha256::operator=(const Sha256& other) {
    if (this != &other) *this = Sha256(other);
    return *this;
}

void Sha256::add(std::span<const std::byte> bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

Hash Sha256::finish() {
    Hash hash{};
    unsigned size = 0;
    EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(hash.data()), &size);
    EVP_DigestInit_ex(state_->context, nullptr, nullptr);
    return hash;
}

Hash Sha256::of(std::span<const std::byte> bytes) {
    Sha256 sha;
    sha.add(bytes);
    return sha.finish();
}

std::string to_hex(const Hash& hash) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * hash.size());
    for (const std::byte byte : hash) {
        text += digits[static_cast<unsigned>(byte) >> 4];
        text += digits[static_cast<unsigned>(byte) & 15];
    }
    return text;
}

std::optional<Hash> from_hex(std::string_view text) {
    if (text.starts_with("sha256:") || text.starts_with("sha256-")) text.remove_prefix(7);
    Hash hash{};
    if (text.size() != 2 * hash.size()) return {};
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < hash.size(); ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return {};
        hash[i] = static_cast<std::byte>(high * 16 + low);
    }
    return hash;
}

}  // namespace pellucid::digest
