#include "engine/model/spec_reader.h"

#include <cmath>
#include <cstdio>

namespace pellucid {
namespace {

constexpr const char* damaged_hint =
    "the file is damaged or was written by a converter this version does not know; download it again or "
    "convert "
    "the model anew";

std::string text(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.9g", value);
    return buffer;
}

}  // namespace

SpecReader::SpecReader(const Metadata& metadata, const WeightSource& weights, std::string architecture,
                       std::string file)
    : metadata_(metadata),
      weights_(weights),
      architecture_(std::move(architecture)),
      file_(std::move(file)) {}

std::string SpecReader::full(std::string_view key) const {
    return architecture_ + "." + std::string(key);
}

void SpecReader::refuse(ErrorCode code, std::string what, std::string hint) {
    if (error_) return;
    error_ = Error{code, file_.empty() ? std::move(what) : file_ + ": " + what, std::move(hint)};
}

void SpecReader::refuse(Error error) {
    refuse(error.code, std::move(error.what), error.hint.empty() ? damaged_hint : std::move(error.hint));
}

bool SpecReader::in_range(std::string_view key, double value, double least, double most) {
    if (std::isfinite(value) && value >= least && value <= most) return true;
    refuse(ErrorCode::corrupt,
           full(key) + " is " + text(value) + ", expected " + text(least) + " to " + text(most),
           damaged_hint);
    return false;
}

int SpecReader::count(std::string_view key, int least, int most) {
    const auto value = metadata_.integer(full(key));
    if (!value) {
        refuse(value.error());
        return least;
    }
    return in_range(key, static_cast<double>(*value), least, most) ? static_cast<int>(*value) : least;
}

int SpecReader::count_or(std::string_view key, int fallback, int least, int most) {
    return has_key(key) ? count(key, least, most) : fallback;
}

std::vector<int> SpecReader::counts(std::string_view key, int layers, int least, int most) {
    const std::size_t n = static_cast<std::size_t>(layers);
    const MetaValue* value = metadata_.find(full(key));
    const bool list = value && (std::holds_alternative<std::vector<std::int64_t>>(value->data) ||
                                std::holds_alternative<std::vector<std::uint64_t>>(value->data));
    if (!list) return std::vector<int>(n, count(key, least, most));
    std::vector<int> result(n, least);
    const auto items = metadata_.integers(full(key));
    if (!items) {
        refuse(items.error());
        return result;
    }
    if (items->size() != n) {
        refuse(ErrorCode::corrupt,
               full(key) + " lists " + std::to_string(items->size()) + " values for " + std::to_string(n) +
                   " layers",
               damaged_hint);
        return result;
    }
    for (std::size_t i = 0; i < n; ++i)
        if (in_range(key, static_cast<double>((*items)[i]), least, most))
            result[i] = static_cast<int>((*items)[i]);
    return result;
}

std::vector<int> SpecReader::counts_or(std::string_view key, int layers, const std::vector<int>& fallback,
                                       int least, int most) {
    return has_key(key) ? counts(key, layers, least, most) : fallback;
}

double SpecReader::number(std::string_view key, double least, double most) {
    const auto value = metadata_.number(full(key));
    if (!value) {
        refuse(value.error());
        return least;
    }
    return in_range(key, *value, least, most) ? *value : least;
}

double SpecReader::number_or(std::string_view key, double fallback, double least, double most) {
    return has_key(key) ? number(key, least, most) : fallback;
}

bool SpecReader::flag_or(std::string_view key, bool fallback) {
    const auto value = metadata_.boolean_or(full(key), fallback);
    if (value) return *value;
    refuse(value.error());
    return fallback;
}

std::string SpecReader::text_or(std::string_view key, std::string fallback) {
    return global_text_or(full(key), std::move(fallback));
}

std::string SpecReader::global_text_or(std::string_view key, std::string fallback) {
    auto value = metadata_.string_or(key, std::move(fallback));
    if (value) return *std::move(value);
    refuse(value.error());
    return {};
}

bool SpecReader::has_key(std::string_view key) const {
    return metadata_.contains(full(key));
}

}  // namespace pellucid
