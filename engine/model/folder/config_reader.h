// Reads config.json with typed errors, remembering the first, and collects what it means in GGUF's keys.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/metadata.h"

namespace pellucid {

/// A key whose value is null counts as absent. After the first failure getters give 0, false or the fallback.
class ConfigReader {
public:
    using Json = nlohmann::json;
    /// `file` names config.json in messages. The tree must outlive the reader.
    ConfigReader(const Json& config, std::string file) : config_(config), file_(std::move(file)) {}

    const Json* find(std::string_view key) const { return find(config_, key); }
    bool has(std::string_view key) const { return find(key) != nullptr; }
    std::int64_t integer(std::string_view key);
    std::int64_t integer_or(std::string_view key, std::int64_t fallback);
    /// corrupt outside least … most.
    int count(std::string_view key, int least, int most);
    double number(std::string_view key);
    double number_or(std::string_view key, double fallback);
    bool flag_or(std::string_view key, bool fallback);
    std::string text_or(std::string_view key, std::string fallback);
    /// corrupt where it is no list of numbers; empty when absent.
    std::vector<double> numbers_or_none(std::string_view key);

    /// A reader of an object inside; its errors are this reader's once taken by take_error().
    ConfigReader inside(std::string_view key);
    void take_error(const ConfigReader& other);

    void refuse(ErrorCode code, const std::string& what, std::string hint);
    bool ok() const { return !error_; }
    const std::optional<Error>& error() const { return error_; }
    const std::string& file() const { return file_; }

    /// What was read, under the key `architecture`.KEY.
    std::string architecture;
    Metadata metadata;
    void set(std::string_view key, std::int64_t value);
    void set(std::string_view key, double value);  ///< in single precision, as GGUF files have it
    void set(std::string_view key, bool value);
    void set(std::string_view key, std::string value);
    void set(std::string_view key, std::vector<std::int64_t> value);

private:
    static const Json* find(const Json& object, std::string_view key);
    void wrong_kind(std::string_view key, const char* wanted);

    const Json& config_;
    std::string file_;
    std::optional<Error> error_;
};

}  // namespace pellucid
