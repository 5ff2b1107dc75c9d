#include "app/network/proxy.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/base/ascii.h"

namespace pellucid::network {
namespace {

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1" ||
           host == "[::1]";
}

}  // namespace

bool bypasses(std::string_view host_given, std::string_view no_proxy) {
    const std::string host = ascii_lower(host_given);
    if (is_this_machine(host)) return true;
    const std::string list = ascii_lower(no_proxy);
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find_first_of(", \t;", at), list.size());
        std::string_view entry(list.data() + at, end - at);
        at = end + 1;
        if (entry == "*") return true;
        if (entry.starts_with("*.")) entry.remove_prefix(1);
        if (entry.starts_with('.')) entry.remove_prefix(1);
        if (entry.empty()) continue;
        if (host == entry) return true;
        if (host.size() > entry.size() && host.ends_with(entry) &&
            host[host.size() - entry.size() - 1] == '.')
            return true;
    }
    return false;
}

std::string proxy_for(const ProxySettings& settings, std::string_view scheme, std::string_view host,
                      const Environment& environment) {
    if (settings.mode == ProxySettings::Mode::none) return {};
    if (settings.mode == ProxySettings::Mode::manual)
        return bypasses(host, settings.no_proxy) ? "" : settings.url;
    const auto first_of = [&](std::initializer_list<const char*> names) {
        for (const char* name : names)
            if (std::string value = environment(name); !value.empty()) return value;
        return std::string();
    };
    if (bypasses(host, first_of({"no_proxy", "NO_PROXY"}))) return {};
    // HTTP_PROXY in capitals is left out on purpose: a CGI program gets it from whoever asks it.
    const std::string named = scheme == "http"
                                  ? first_of({"http_proxy", "all_proxy", "ALL_PROXY"})
                                  : first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    return named.empty() ? settings.desktop_url : named;
}

std::string without_password(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t from = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(url.find('/', from), url.size());
    const std::size_t at = url.rfind('@', end);
    if (at == std::string::npos || at < from) return url;
    return url.substr(0, from) + url.substr(at + 1);
}

Result<void> check_proxy(const std::string& url) {
    const std::size_t at = url.find("://");
    const std::string scheme = at == std::string::npos ? "http" : ascii_lower(url.substr(0, at));
    static constexpr std::array<std::string_view, 6> known = {"http",    "https",  "socks4",
                                                              "socks4a", "socks5", "socks5h"};
    const std::string rest = at == std::string::npos ? url : url.substr(at + 3);
    const bool clean =
        std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > ' ' && c != 127; });
    if (rest.empty() || !clean || std::find(known.begin(), known.end(), scheme) == known.end())
        return fail(ErrorCode::invalid_argument,
                    "'" + without_password(url) + "' is not the address of a proxy",
                    "write it like http://proxy.example.com:3128 or socks5h://127.0.0.1:1080");
    return {};
}

}  // namespace pellucid::network
