#include "app/hub/answer.h"

#include <algorithm>
#include <cctype>

#include "engine/base/ascii.h"

namespace pellucid::hub {

namespace {

constexpr std::size_t kLongestText = 4096;

bool is_printable(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

const Json* find(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string text_of(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr || !value->is_string()) return {};
    const auto& text = value->get_ref<const std::string&>();
    return text.size() <= kLongestText && is_printable(text) ? text : std::string();
}

std::optional<std::uint64_t> size_of(const Json& object, const char* key) {
    const Json* value = find(object, key);
    if (value == nullptr || !value->is_number_integer()) return std::nullopt;
    if (value->is_number_unsigned()) return value->get<std::uint64_t>();
    const auto number = value->get<std::int64_t>();
    return number < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(number));
}

std::uint64_t number_of(const Json& object, const char* key) {
    return size_of(object, key).value_or(0);
}

bool truth_of(const Json& object, const char* key) {
    const Json* value = find(object, key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

const Json& object_of(const Json& object, const char* key) {
    static const Json nothing = Json::object();
    const Json* value = find(object, key);
    return value != nullptr && value->is_object() ? *value : nothing;
}

Result<Json> parse_answer(std::string_view body, std::string_view from) {
    Json json = Json::parse(body.begin(), body.end(), nullptr, false);
    if (json.is_discarded())
        return fail(ErrorCode::corrupt, std::string(from) + " answered with something that is no JSON",
                    "something between this machine and it may have answered instead (a sign-in page of the "
                    "network); open its page in a browser, then try again");
    return json;
}

std::string sha256_of(const Json& object, const char* key) {
    const std::string digest = ascii_lower(text_of(object, key));
    const bool hex = digest.size() == 64 && std::all_of(digest.begin(), digest.end(), [](char c) {
                         return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
    return hex ? digest : std::string();
}

bool is_repository(std::string_view name) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) return false;
    for (const std::string_view half : {name.substr(0, slash), name.substr(slash + 1)}) {
        if (half.empty() || half.size() > 96 || half.find_first_not_of('.') == std::string_view::npos)
            return false;
        for (const char c : half)
            if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.')
                return false;
    }
    return true;
}

void set_repository(Listing& listing, const std::string& name) {
    const std::size_t slash = name.find('/');
    listing.repository = name;
    listing.owner = name.substr(0, slash);
    listing.name = name.substr(slash + 1);
}

Failure not_a_repository(const std::string& name) {
    return fail(ErrorCode::invalid_argument, "\"" + name + "\" is not the name of a repository",
                "give it as owner/name");
}

std::string escaped(std::string_view text, bool keep_slashes) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~' ||
            (keep_slashes && c == '/')) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::string origin_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    return ascii_lower(url.substr(0, std::min(url.find_first_of("/?#", scheme + 3), url.size())));
}

Result<std::string> checked_endpoint(const std::string& endpoint) {
    std::string text = endpoint;
    while (text.ends_with('/')) text.pop_back();
    const std::string origin = origin_of(text);
    const bool web = origin.starts_with("https://") || origin.starts_with("http://");
    if (!web || origin.ends_with("//") || text.find_first_of("?#@ ") != std::string::npos ||
        !is_printable(text))
        return fail(ErrorCode::invalid_argument, "\"" + endpoint + "\" is not the address of a hub",
                    "give it as https://host, with a path where the mirror has one");
    return text;
}

Failure refused(const network::HttpAnswer& answer, const Hub& hub, const std::string& repository) {
    const int status = answer.head.status;
    const std::string title(hub.title());
    const std::string what = repository.empty() ? title : repository + " on " + title;
    const std::string_view code = answer.head.header("x-error-code");
    const bool known = !hub.options().token.empty();
    if (code == "GatedRepo" || (status == 403 && code.empty()))
        return fail(ErrorCode::not_allowed, what + " is only for people who accepted its terms",
                    "accept them on " + hub.page(repository) +
                        (known ? " with the account of your token"
                               : ", then give this program a token of that account"));
    if (status == 401 && !known)  // also the answer to a name that does not exist, so as not to tell
        return fail(ErrorCode::not_allowed, what + " is not there, or not for everybody",
                    "check the name; for a private model give this program a token of your account");
    if (status == 401)
        return fail(ErrorCode::not_allowed, title + " does not accept the token",
                    "make a new one on its page and give it to this program");
    if (status == 404)
        return fail(ErrorCode::not_found, what + " is not there",
                    "check the name; it may have been renamed or removed");
    const auto retry = answer.head.header("retry-after");
    if (status == 429)
        return fail(ErrorCode::http_status, title + " gets too many requests from here (status 429)",
                    retry.empty() ? "wait some minutes, then try again"
                                  : "try again after " + std::string(retry.substr(0, 40)) + " s");
    return fail(ErrorCode::http_status, title + " answered with status " + std::to_string(status),
                status >= 500 ? "it has trouble of its own; try again later, or use a mirror"
                              : "check the address of the hub in the settings");
}

}  // namespace pellucid::hub
