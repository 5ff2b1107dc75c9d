// What both hubs' answers have in common: JSON in which any field may be missing or of another kind,
// addresses, and statuses that mean something.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app/hub/hub.h"
#include "app/network/http_client.h"
#include "engine/base/error.h"

namespace pellucid::hub {

using Json = nlohmann::json;

/// Most bytes of an answer that lists things.
inline constexpr std::uint64_t most_answer_bytes = 32 << 20;

/// Text of a field; empty where it is missing, of another kind, or holds control characters.
std::string text_of(const Json& object, const char* key);
/// A whole number of at least 0; 0 where it is missing or anything else.
std::uint64_t number_of(const Json& object, const char* key);
std::optional<std::uint64_t> size_of(const Json& object, const char* key);
bool truth_of(const Json& object, const char* key);
/// The object in a field; an empty one where it is missing or anything else.
const Json& object_of(const Json& object, const char* key);
/// corrupt: not JSON. `from`: the hub's title, for the sentence.
Result<Json> parse_answer(std::string_view body, std::string_view from);
/// "64 hex digits" in lower case, or empty.
std::string sha256_of(const Json& object, const char* key);

/// "owner/name" of letters, digits, '-', '_' and '.', neither half of dots alone; both up to 96 long.
bool is_repository(std::string_view name);
/// Splits it into a listing's fields.
void set_repository(Listing& listing, const std::string& name);
Failure not_a_repository(const std::string& name);

/// For a path (slashes stay) or a value in an address.
std::string escaped(std::string_view text, bool keep_slashes = false);
/// "https://host:port" of an address; empty where it has none.
std::string origin_of(std::string_view url);
/// Without a slash at its end. invalid_argument in the sense of the caller: not http or https.
Result<std::string> checked_endpoint(const std::string& endpoint);

/// Any status but 200 as what it means for `repository` (empty: the hub itself).
Failure refused(const network::HttpAnswer& answer, const Hub& hub, const std::string& repository);

}  // namespace pellucid::hub
