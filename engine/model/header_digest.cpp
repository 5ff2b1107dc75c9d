#include "engine/model/header_digest.h"

#include <bit>
#include <cstdio>

namespace pellucid {
namespace {

struct AddValue {
    HeaderDigest& digest;
    void operator()(bool value) const { digest.add(std::uint64_t{value}); }
    void operator()(std::int64_t value) const { digest.add(static_cast<std::uint64_t>(value)); }
    void operator()(std::uint64_t value) const { digest.add(value); }
    void operator()(double value) const { digest.add(std::bit_cast<std::uint64_t>(value)); }
    void operator()(const std::string& value) const { digest.add(value); }
    void operator()(const MetaArrayOfArrays& value) const {
        for (const MetaValue& item : value.items) std::visit(*this, item.data);
    }
    template <typename T>
    void operator()(const std::vector<T>& values) const {
        digest.add(values.size());
        for (const T value : values) (*this)(value);
    }
    void operator()(const std::vector<std::string>& values) const {
        digest.add(values.size());
        for (const std::string& value : values) digest.add(value);
    }
};

}  // namespace

void HeaderDigest::add(std::uint64_t value) {
    a_ = std::rotl((a_ ^ value) * 0x9e3779b97f4a7c15u, 29);
    b_ = std::rotl((b_ + value) * 0xc2b2ae3d27d4eb4fu, 31) ^ a_;
}

void HeaderDigest::add(std::string_view text) {
    add(text.size());
    for (unsigned char c : text) add(std::uint64_t{c} + 0x100);
}

void HeaderDigest::add(const Metadata& metadata) {
    for (const auto& [key, value] : metadata.all()) {
        add(std::string_view(key));
        std::visit(AddValue{*this}, value.data);
    }
}

std::string HeaderDigest::hex() const {
    char buffer[33];
    std::snprintf(buffer, sizeof buffer, "%016llx%016llx", static_cast<unsigned long long>(a_),
                  static_cast<unsigned long long>(b_));
    return buffer;
}

}  // namespace pellucid
