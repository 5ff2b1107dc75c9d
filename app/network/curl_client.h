// HttpClient on libcurl: one worker thread, HTTP/1.1 over TLS that is always verified.
#pragma once

#include <memory>
#include <string>

#include "app/network/http_client.h"
#include "app/network/ledger.h"
#include "app/network/offline_switch.h"
#include "app/network/proxy.h"

namespace pellucid::network {

struct CurlOptions {
    std::string user_agent = "Pellucid";
    ProxySettings proxy;
    /// Authorities besides the system's, a PEM file: a company's own. There is no way to leave the check out.
    std::string extra_authorities;
    /// Asked in ProxySettings::Mode::system instead of the environment, where the desktop knows better; on
    /// the client's thread. Empty: the environment.
    std::function<std::string(const std::string& url)> system_proxy;
    int connect_timeout_ms = 20'000;
    int idle_timeout_ms = 60'000;  ///< without a byte for so long an answer is given up (timed_out)
    int redirects = 8;             ///< followed at most; a circle ends there too
};

/// Asks for no compression, follows redirects (never from https to http) without taking a password along to
/// another host, writes every request into the ledger and makes none while the offline switch is on.
class CurlClient final : public HttpClient {
public:
    /// `offline` and `ledger` must outlive it.
    CurlClient(OfflineSwitch& offline, Ledger& ledger, CurlOptions options = {});
    /// Cancels what runs. No exchange may outlive it.
    ~CurlClient() override;

    std::unique_ptr<HttpExchange> start(const HttpRequest& request,
                                        std::shared_ptr<HttpHandler> handler) override;

    /// For requests from now on.
    void set_proxy(ProxySettings proxy);
    void set_extra_authorities(std::string pem_file);

private:
    class Worker;
    std::shared_ptr<Worker> worker_;
};

}  // namespace pellucid::network
