// The key/value part of a model file: typed values that a GGUF header (or a converted config.json) carries.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.h"

namespace pellucid {

/// A metadata value. Integers of every width are widened to 64 bits, float32 to double.
/// Arrays are homogeneous; nested arrays are read as MetaArray of MetaArray and are rare.
struct MetaValue;
struct MetaArrayOfArrays {
    std::vector<MetaValue> items;
};
struct MetaValue {
    std::variant<bool, std::int64_t, std::uint64_t, double, std::string, std::vector<bool>, std::vector<std::int64_t>,
                 std::vector<std::uint64_t>, std::vector<double>, std::vector<std::string>, MetaArrayOfArrays>
        data;
};

/// Metadata by key, with typed access. A getter never guesses: a present value of the wrong kind is an Error
/// naming key and kind; numbers convert only where no value is lost.
class Metadata {
public:
    const MetaValue* find(std::string_view key) const;
    bool contains(std::string_view key) const { return find(key) != nullptr; }
    void set(std::string key, MetaValue value);
    const std::map<std::string, MetaValue, std::less<>>& all() const { return values_; }

    /// Required values: not_found names the key.
    Result<std::int64_t> integer(std::string_view key) const;
    Result<double> number(std::string_view key) const;
    Result<bool> boolean(std::string_view key) const;
    Result<std::string> string(std::string_view key) const;
    Result<std::vector<std::int64_t>> integers(std::string_view key) const;
    Result<std::vector<double>> numbers(std::string_view key) const;
    Result<std::vector<bool>> booleans(std::string_view key) const;
    /// Borrowed, because vocabularies are large. Valid while this object lives and the key is not set again.
    Result<const std::vector<std::string>*> strings(std::string_view key) const;

    /// Optional values: `fallback` when the key is absent, an Error when it is there with another kind.
    Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback) const;
    Result<double> number_or(std::string_view key, double fallback) const;
    Result<bool> boolean_or(std::string_view key, bool fallback) const;
    Result<std::string> string_or(std::string_view key, std::string fallback) const;

private:
    std::map<std::string, MetaValue, std::less<>> values_;
};

}  // namespace pellucid
