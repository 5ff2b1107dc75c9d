// JSON from outside: bounded in bytes and depth.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace pellucid {

/// Anything; `name` stands for the file in errors. corrupt: no JSON, or JSON that nests deeper than `depth`.
Result<nlohmann::json> parse_json(std::string_view text, const std::string& name, int depth = 16);
/// An object; `name` stands for the file in errors. corrupt: no JSON object, or one that nests deeper than
/// `depth`.
Result<nlohmann::json> parse_json_object(std::string_view text, const std::string& name, int depth = 16);
/// The bytes of a file of at most `most` bytes. Errors of MappedFile::open; corrupt: larger.
Result<std::string> read_small_file(const std::string& path, std::size_t most = 64u << 20);
/// Both.
Result<nlohmann::json> read_json_file(const std::string& path, int depth = 16);

}  // namespace pellucid
