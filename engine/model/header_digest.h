// A digest of what a model's header says: tells models apart, guards against nothing hostile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/format/metadata.h"

namespace pellucid {

/// Two independent multiply-rotate hashes over what is added, in its order.
class HeaderDigest {
public:
    void add(std::uint64_t value);
    void add(std::string_view text);
    void add(const Metadata& metadata);
    std::string hex() const;  ///< 32 digits

private:
    std::uint64_t a_ = 1, b_ = 2;
};

}  // namespace pellucid
