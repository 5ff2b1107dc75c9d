// Reads what a server says about a file, believing nothing: is this the range that was asked for, of the file
// that is wanted? Pure functions, fuzzed (tests/fuzz/http_answer).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/download/item.h"
#include "app/network/http_client.h"

namespace pellucid::download {

/// RFC 9110, 14.4: "bytes 0-99/1000", "bytes 0-99/*", "bytes */1000".
struct ContentRange {
    bool satisfied = true;  ///< false: the form with the star in front
    std::uint64_t first = 0, last = 0;
    std::optional<std::uint64_t> total;
};
std::optional<ContentRange> parse_content_range(std::string_view text);

/// RFC 9110, 8.8.3: "abc" strong, W/"abc" weak.
struct EntityTag {
    bool weak = false;
    std::string opaque;  ///< without quotes
};
std::optional<EntityTag> parse_entity_tag(std::string_view text);
/// The header's text where it is a strong tag that can stand in If-Range; else empty.
std::string strong_tag(std::string_view text);

/// RFC 9110, 10.2.3: seconds, or an HTTP date seen from `wall_ms`. Milliseconds from now, at least 0; none:
/// not understood.
std::optional<std::int64_t> parse_retry_after(std::string_view text, std::int64_t wall_ms);
/// "Sun, 06 Nov 1994 08:49:37 GMT" as ms since 1970.
std::optional<std::int64_t> parse_http_date(std::string_view text);
/// Digits only, no overflow.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// What was asked, and what is known.
struct Asked {
    std::string name;                    ///< of the file: one that ends in .html may be a page
    std::uint64_t first = 0, last = 0;   ///< inclusive
    std::optional<std::uint64_t> bytes;  ///< of the whole file
    std::string etag;          ///< as this source gave it before; empty: not asked yet, or it gave none
    bool short_lived = false;  ///< the address was a redirect's, which may have run out
};

enum class Verdict {
    range,       ///< bytes [first, last] come
    whole,       ///< all of the file comes, from its beginning: no ranges here
    empty_file,  ///< it has no bytes
    ask_anew,    ///< the short-lived address ran out: ask at the first one
    again,       ///< may work later
    give_up,     ///< this source will not do
};

struct Judgement {
    Verdict verdict = Verdict::give_up;
    Reason reason = Reason::none;  ///< of again and give_up
    std::string detail;
    std::uint64_t last = 0;              ///< of `range`: the last byte that comes; at most the one asked for
    std::optional<std::uint64_t> bytes;  ///< of the whole file
    std::string etag;                    ///< strong, or empty
    std::optional<std::int64_t> retry_after_ms;
};

Judgement judge(const network::HttpHead& head, const Asked& asked, std::int64_t wall_ms);

/// The same for what went wrong without an answer.
Judgement judge(const Error& error);

}  // namespace pellucid::download
