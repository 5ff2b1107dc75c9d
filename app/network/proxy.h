// Which proxy an address goes through.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace pellucid::network {

struct ProxySettings {
    enum class Mode {
        system,  ///< what the environment (https_proxy, no_proxy …) says, else `desktop_url`
        manual,  ///< `url`, save for the hosts of `no_proxy`
        none,
    };
    Mode mode = Mode::system;
    std::string url;  ///< http://, https://, socks5:// or socks5h://, with user:password@ where needed
    /// Hosts that are reached straight, separated by commas or spaces: "example.com" and ".example.com" (with
    /// what is below them), addresses, "*". This machine itself always is.
    std::string no_proxy;
    /// In mode system, where the environment names no proxy: what the desktop says. Empty: nothing.
    std::string desktop_url;
    bool operator==(const ProxySettings&) const = default;
};

/// Reads a variable of the environment; empty: not set.
using Environment = std::function<std::string(const char* name)>;

/// The proxy for an address, empty for none. `environment` is asked in mode system.
std::string proxy_for(const ProxySettings& settings, std::string_view scheme, std::string_view host,
                      const Environment& environment);

/// Whether `host` is on a list in the form of ProxySettings::no_proxy, or is this machine.
bool bypasses(std::string_view host, std::string_view no_proxy);

/// "http://proxy:3128" of "http://me:secret@proxy:3128".
std::string without_password(const std::string& url);

/// invalid_argument: no proxy can have this address.
Result<void> check_proxy(const std::string& url);

}  // namespace pellucid::network
