#include "engine/model/folder/config_reader.h"

#include <cmath>

namespace pellucid {
namespace {

constexpr const char* kDamaged = "config.json is damaged or not of this model; download the folder again";

const nlohmann::json& empty_object() {
    static const nlohmann::json empty = nlohmann::json::object();
    return empty;
}

}  // namespace

const ConfigReader::Json* ConfigReader::find(const Json& object, std::string_view key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

void ConfigReader::refuse(ErrorCode code, const std::string& what, std::string hint) {
    if (!error_) error_ = Error{code, file_ + ": " + what, std::move(hint)};
}

void ConfigReader::wrong_kind(std::string_view key, const char* wanted) {
    refuse(ErrorCode::corrupt, std::string(key) + wanted, kDamaged);
}

std::int64_t ConfigReader::integer(std::string_view key) {
    if (!has(key)) refuse(ErrorCode::not_found, std::string(key) + " is missing", kDamaged);
    return integer_or(key, 0);
}

std::int64_t ConfigReader::integer_or(std::string_view key, std::int64_t fallback) {
    const Json* value = find(key);
    if (!value) return fallback;
    // Some files write whole numbers as 4096.0.
    if (value->is_number_float()) {
        const double number = value->get<double>();
        if (std::abs(number) < 1e15 && number == std::floor(number)) return static_cast<std::int64_t>(number);
    } else if (value->is_number_integer() &&
               (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX)) {
        return value->get<std::int64_t>();
    }
    wrong_kind(key, " is not a whole number");
    return fallback;
}

int ConfigReader::count(std::string_view key, int least, int most) {
    const std::int64_t value = integer(key);
    if (ok() && (value < least || value > most))
        refuse(ErrorCode::corrupt,
               std::string(key) + " is " + std::to_string(value) + ", not a number from " +
                   std::to_string(least) + " to " + std::to_string(most),
               kDamaged);
    return ok() ? static_cast<int>(value) : least;
}

double ConfigReader::number(std::string_view key) {
    if (!has(key)) refuse(ErrorCode::not_found, std::string(key) + " is missing", kDamaged);
    return number_or(key, 0);
}

double ConfigReader::number_or(std::string_view key, double fallback) {
    const Json* value = find(key);
    if (!value) return fallback;
    if (value->is_number() && std::isfinite(value->get<double>())) return value->get<double>();
    wrong_kind(key, " is not a number");
    return fallback;
}

bool ConfigReader::flag_or(std::string_view key, bool fallback) {
    const Json* value = find(key);
    if (!value) return fallback;
    if (value->is_boolean()) return value->get<bool>();
    wrong_kind(key, " is not true or false");
    return fallback;
}

std::string ConfigReader::text_or(std::string_view key, std::string fallback) {
    const Json* value = find(key);
    if (!value) return fallback;
    if (value->is_string()) return value->get<std::string>();
    wrong_kind(key, " is not a text");
    return fallback;
}

std::vector<double> ConfigReader::numbers_or_none(std::string_view key) {
    std::vector<double> numbers;
    const Json* value = find(key);
    if (!value) return numbers;
    if (value->is_array()) {
        for (const Json& item : *value)
            if (item.is_number())
                numbers.push_back(item.get<double>());
            else
                wrong_kind(key, " is not a list of numbers");
    } else {
        wrong_kind(key, " is not a list of numbers");
    }
    return numbers;
}

ConfigReader ConfigReader::inside(std::string_view key) {
    const Json* value = find(key);
    if (value && !value->is_object()) wrong_kind(key, " is not an object");
    return ConfigReader(value && value->is_object() ? *value : empty_object(), file_);
}

void ConfigReader::take_error(const ConfigReader& other) {
    if (!error_) error_ = other.error_;
}

void ConfigReader::set(std::string_view key, std::int64_t value) {
    // Counts are unsigned in GGUF files, and this becomes one when the model is quantised.
    const std::string full = architecture + "." + std::string(key);
    if (value >= 0)
        metadata.set(full, MetaValue{static_cast<std::uint64_t>(value)});
    else
        metadata.set(full, MetaValue{value});
}
void ConfigReader::set(std::string_view key, double value) {
    metadata.set(architecture + "." + std::string(key),
                 MetaValue{static_cast<double>(static_cast<float>(value))});
}
void ConfigReader::set(std::string_view key, bool value) {
    metadata.set(architecture + "." + std::string(key), MetaValue{value});
}
void ConfigReader::set(std::string_view key, std::string value) {
    metadata.set(architecture + "." + std::string(key), MetaValue{std::move(value)});
}
void ConfigReader::set(std::string_view key, std::vector<std::int64_t> value) {
    metadata.set(architecture + "." + std::string(key), MetaValue{std::move(value)});
}

}  // namespace pellucid
