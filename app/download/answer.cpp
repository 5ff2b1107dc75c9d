#include "app/download/answer.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/base/ascii.h"

namespace pellucid::download {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms").
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto of_era = year - era * 400;
    const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::string status_text(const network::HttpHead& head) {
    return "status " + std::to_string(head.status);
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
    if (text.empty() || text.size() > 20) return {};
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return {};
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return {};
        value = value * 10 + digit;
    }
    return value;
}

std::optional<ContentRange> parse_content_range(std::string_view given) {
    std::string_view text = trimmed(given);
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || !same_word(text.substr(0, space), "bytes")) return {};
    text = trimmed(text.substr(space));
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view span = text.substr(0, slash), total = text.substr(slash + 1);
    ContentRange range;
    if (total != "*") {
        range.total = parse_count(total);
        if (!range.total) return {};
    }
    if (span == "*") {
        range.satisfied = false;
        if (!range.total) return {};
        return range;
    }
    const std::size_t dash = span.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first = parse_count(span.substr(0, dash)), last = parse_count(span.substr(dash + 1));
    if (!first || !last || *first > *last || *last == std::numeric_limits<std::uint64_t>::max()) return {};
    if (range.total && *last >= *range.total) return {};
    range.first = *first;
    range.last = *last;
    return range;
}

std::optional<EntityTag> parse_entity_tag(std::string_view given) {
    std::string_view text = trimmed(given);
    EntityTag tag;
    if (text.starts_with("W/")) {
        tag.weak = true;
        text.remove_prefix(2);
    }
    if (text.size() < 2 || text.size() > 1000 || text.front() != '"' || text.back() != '"') return {};
    text = text.substr(1, text.size() - 2);
    for (const unsigned char c : text)
        if (c <= 0x20 || c == '"' || c == 0x7f) return {};
    tag.opaque = text;
    return tag;
}

std::string strong_tag(std::string_view text) {
    const auto tag = parse_entity_tag(text);
    return tag && !tag->weak ? "\"" + tag->opaque + "\"" : std::string();
}

std::optional<std::int64_t> parse_http_date(std::string_view given) {
    // IMF-fixdate only: the two older forms have not been sent for decades.
    const std::string_view text = trimmed(given);
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return {};
    if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') return {};
    static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
    const auto day = parse_count(text.substr(5, 2)), year = parse_count(text.substr(12, 4));
    const auto hour = parse_count(text.substr(17, 2)), minute = parse_count(text.substr(20, 2)),
               second = parse_count(text.substr(23, 2));
    if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return {};
    if (*day < 1 || *day > 31 || *hour > 23 || *minute > 59 || *second > 60) return {};
    const auto days = days_from_civil(static_cast<std::int64_t>(*year),
                                      static_cast<int>(month - kMonths.begin()) + 1, static_cast<int>(*day));
    return ((days * 24 + static_cast<std::int64_t>(*hour)) * 60 + static_cast<std::int64_t>(*minute)) *
               60'000 +
           static_cast<std::int64_t>(*second) * 1000;
}

std::optional<std::int64_t> parse_retry_after(std::string_view given, std::int64_t wall_ms) {
    const std::string_view text = trimmed(given);
    constexpr std::int64_t most = std::int64_t{365} * 24 * 3600 * 1000;
    if (const auto seconds = parse_count(text))
        return static_cast<std::int64_t>(std::min<std::uint64_t>(*seconds, most / 1000)) * 1000;
    if (const auto date = parse_http_date(text)) return std::clamp<std::int64_t>(*date - wall_ms, 0, most);
    return {};
}

Judgement judge(const network::HttpHead& head, const Asked& asked, std::int64_t wall_ms) {
    Judgement out;
    const auto say = [&](Verdict verdict, Reason reason, std::string detail) {
        out.verdict = verdict;
        out.reason = reason;
        out.detail = std::move(detail);
        return out;
    };
    const int status = head.status;
    if (const auto retry = head.header("retry-after"); !retry.empty())
        out.retry_after_ms = parse_retry_after(retry, wall_ms);
    // A signed address that ran out is refused in many words; the one it came from gives a new one.
    if (asked.short_lived &&
        (status == 400 || status == 401 || status == 403 || status == 404 || status == 410))
        return say(Verdict::ask_anew, Reason::none, status_text(head));
    if (status == 401) return say(Verdict::give_up, Reason::sign_in_needed, status_text(head));
    if (status == 403 || status == 451)
        return say(Verdict::give_up, Reason::access_denied, status_text(head));
    if (status == 404 || status == 410) return say(Verdict::give_up, Reason::not_there, status_text(head));
    if (status == 511) return say(Verdict::again, Reason::page_instead, status_text(head));
    if (status == 429 || status == 503) return say(Verdict::again, Reason::server_busy, status_text(head));
    if (status == 408 || status >= 500) return say(Verdict::again, Reason::server_error, status_text(head));

    const auto encoding = head.header("content-encoding");
    if (!encoding.empty() && !same_word(encoding, "identity"))
        return say(
            Verdict::give_up, Reason::server_error,
            "it came compressed (" + std::string(encoding.substr(0, 40)) + "), which was not asked for");
    const std::string type = ascii_lower(head.header("content-type")), name = ascii_lower(asked.name);
    const bool page = type.starts_with("text/html") || type.starts_with("application/xhtml");
    if ((status == 200 || status == 206) && page && !name.ends_with(".html") && !name.ends_with(".htm"))
        return say(Verdict::again, Reason::page_instead, std::string());

    out.etag = strong_tag(head.header("etag"));
    const bool other_tag = !asked.etag.empty() && !out.etag.empty() && asked.etag != out.etag;
    const auto size_differs = [&](std::uint64_t total) { return asked.bytes && *asked.bytes != total; };
    const auto wrong_size = [&](std::uint64_t total) {
        // Something in between may have answered, so that it is asked again; see Transfer::blame.
        return say(Verdict::again, Reason::wrong_size,
                   std::to_string(total) + " bytes instead of " + std::to_string(*asked.bytes));
    };
    if (status == 416) {
        const auto range = parse_content_range(head.header("content-range"));
        if (range && !range->satisfied) {
            if (*range->total == 0 && !asked.bytes.value_or(0)) {
                out.bytes = 0;
                return say(Verdict::empty_file, Reason::none, {});
            }
            if (size_differs(*range->total)) return wrong_size(*range->total);
        }
        return say(Verdict::again, Reason::server_error, status_text(head));
    }
    if (status == 206) {
        const auto range = parse_content_range(head.header("content-range"));
        if (!range || !range->satisfied)
            return say(Verdict::again, Reason::server_error, "a range without a proper Content-Range came");
        if (other_tag)
            return say(Verdict::give_up, Reason::changed_on_server,
                       "ETag " + out.etag + " instead of " + asked.etag);
        if (range->total && size_differs(*range->total)) return wrong_size(*range->total);
        if (range->first != asked.first || range->last > asked.last)
            return say(Verdict::again, Reason::server_error, "another range came than the one asked for");
        if (const auto length = parse_count(head.header("content-length"));
            length && *length != range->last - range->first + 1)
            return say(Verdict::again, Reason::server_error, "the range's length contradicts itself");
        out.bytes = range->total;
        out.last = range->last;
        return say(Verdict::range, Reason::none, {});
    }
    if (status == 200) {
        if (other_tag)
            return say(Verdict::give_up, Reason::changed_on_server,
                       "ETag " + out.etag + " instead of " + asked.etag);
        const auto length = parse_count(head.header("content-length"));
        if (length && size_differs(*length)) return wrong_size(*length);
        out.bytes = length;
        return say(Verdict::whole, Reason::none, {});
    }
    return say(Verdict::give_up, Reason::server_error, status_text(head));
}

Judgement judge(const Error& error) {
    Judgement out;
    out.detail = error.what;
    out.verdict = Verdict::again;
    switch (error.code) {
        case ErrorCode::offline:
            out.reason = Reason::offline;
            break;
        case ErrorCode::dns:
            out.reason = Reason::dns;
            break;
        case ErrorCode::timed_out:
            out.reason = Reason::stalled;
            break;
        case ErrorCode::tls:
            out.reason = Reason::tls;
            out.verdict = Verdict::give_up;
            break;
        case ErrorCode::http_status:
            out.reason = Reason::server_error;
            break;
        case ErrorCode::invalid_argument:
            out.reason = Reason::server_error;
            out.verdict = Verdict::give_up;
            break;
        default:
            out.reason = Reason::unreachable;
            break;
    }
    return out;
}

}  // namespace pellucid::download
