#include "engine/format/metadata.h"

#include <cmath>
#include <limits>
#include <utility>

namespace pellucid {

namespace {

const char* kind_of(const MetaValue& value) {
    static constexpr const char* kKinds[] = {"a boolean",
                                             "an integer",
                                             "an unsigned integer",
                                             "a number",
                                             "a string",
                                             "an array of booleans",
                                             "an array of integers",
                                             "an array of unsigned integers",
                                             "an array of numbers",
                                             "an array of strings",
                                             "an array of arrays"};
    return kKinds[value.data.index()];
}

Failure missing(std::string_view key) {
    return fail(ErrorCode::not_found, "metadata key '" + std::string(key) + "' is missing",
                "the file is incomplete or of a kind this version does not know; try another conversion of "
                "the model");
}

Failure wrong_kind(std::string_view key, const char* wanted, const MetaValue& value) {
    return fail(ErrorCode::corrupt,
                "metadata key '" + std::string(key) + "' is " + kind_of(value) + ", not " + wanted,
                "try another conversion of the model");
}

Failure not_exact(std::string_view key, const char* wanted) {
    return fail(ErrorCode::corrupt,
                "metadata key '" + std::string(key) + "' has a value that does not fit " + wanted,
                "try another conversion of the model");
}

constexpr auto kInt64Max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

std::optional<std::int64_t> exact_integer(double value) {
    if (!(value >= -0x1p63 && value < 0x1p63) || std::trunc(value) != value) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

/// A double that holds the integer without loss.
template <typename T>
std::optional<double> exact_number(T value) {
    const auto wide = static_cast<double>(value);
    if (wide >= (std::is_signed_v<T> ? 0x1p63 : 0x1p64) || static_cast<T>(wide) != value) return std::nullopt;
    return wide;
}

}  // namespace

const MetaValue* Metadata::find(std::string_view key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
}

void Metadata::set(std::string key, MetaValue value) {
    values_.insert_or_assign(std::move(key), std::move(value));
}

Result<std::int64_t> Metadata::integer(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* i = std::get_if<std::int64_t>(&value->data)) return *i;
    if (const auto* u = std::get_if<std::uint64_t>(&value->data)) {
        if (*u > kInt64Max) return not_exact(key, "an integer of 63 bits");
        return static_cast<std::int64_t>(*u);
    }
    if (const auto* d = std::get_if<double>(&value->data)) {
        if (const auto exact = exact_integer(*d)) return *exact;
        return not_exact(key, "an integer");
    }
    return wrong_kind(key, "an integer", *value);
}

Result<double> Metadata::number(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* d = std::get_if<double>(&value->data)) return *d;
    std::optional<double> exact;
    if (const auto* i = std::get_if<std::int64_t>(&value->data))
        exact = exact_number(*i);
    else if (const auto* u = std::get_if<std::uint64_t>(&value->data))
        exact = exact_number(*u);
    else
        return wrong_kind(key, "a number", *value);
    if (!exact) return not_exact(key, "a floating-point number");
    return *exact;
}

Result<bool> Metadata::boolean(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* b = std::get_if<bool>(&value->data)) return *b;
    return wrong_kind(key, "a boolean", *value);
}

Result<std::string> Metadata::string(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* s = std::get_if<std::string>(&value->data)) return *s;
    return wrong_kind(key, "a string", *value);
}

Result<std::vector<std::int64_t>> Metadata::integers(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* ints = std::get_if<std::vector<std::int64_t>>(&value->data)) return *ints;
    std::vector<std::int64_t> result;
    if (const auto* unsigneds = std::get_if<std::vector<std::uint64_t>>(&value->data)) {
        for (const std::uint64_t u : *unsigneds) {
            if (u > kInt64Max) return not_exact(key, "integers of 63 bits");
            result.push_back(static_cast<std::int64_t>(u));
        }
        return result;
    }
    if (const auto* doubles = std::get_if<std::vector<double>>(&value->data)) {
        for (const double d : *doubles) {
            const auto exact = exact_integer(d);
            if (!exact) return not_exact(key, "integers");
            result.push_back(*exact);
        }
        return result;
    }
    return wrong_kind(key, "an array of integers", *value);
}

Result<std::vector<double>> Metadata::numbers(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* doubles = std::get_if<std::vector<double>>(&value->data)) return *doubles;
    std::vector<double> result;
    const auto convert = [&](const auto& items) {
        for (const auto item : items) {
            const auto exact = exact_number(item);
            if (!exact) return false;
            result.push_back(*exact);
        }
        return true;
    };
    bool exact = false;
    if (const auto* ints = std::get_if<std::vector<std::int64_t>>(&value->data))
        exact = convert(*ints);
    else if (const auto* uints = std::get_if<std::vector<std::uint64_t>>(&value->data))
        exact = convert(*uints);
    else
        return wrong_kind(key, "an array of numbers", *value);
    if (!exact) return not_exact(key, "floating-point numbers");
    return result;
}

Result<std::vector<bool>> Metadata::booleans(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* bools = std::get_if<std::vector<bool>>(&value->data)) return *bools;
    return wrong_kind(key, "an array of booleans", *value);
}

Result<const std::vector<std::string>*> Metadata::strings(std::string_view key) const {
    const MetaValue* value = find(key);
    if (!value) return missing(key);
    if (const auto* strings = std::get_if<std::vector<std::string>>(&value->data)) return strings;
    return wrong_kind(key, "an array of strings", *value);
}

Result<std::int64_t> Metadata::integer_or(std::string_view key, std::int64_t fallback) const {
    return contains(key) ? integer(key) : Result<std::int64_t>(fallback);
}
Result<double> Metadata::number_or(std::string_view key, double fallback) const {
    return contains(key) ? number(key) : Result<double>(fallback);
}
Result<bool> Metadata::boolean_or(std::string_view key, bool fallback) const {
    return contains(key) ? boolean(key) : Result<bool>(fallback);
}
Result<std::string> Metadata::string_or(std::string_view key, std::string fallback) const {
    return contains(key) ? string(key) : Result<std::string>(std::move(fallback));
}

}  // namespace pellucid
