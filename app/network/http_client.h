// The one way out: how every other room asks a server for something. CurlClient stands behind it in the
// program, a scripted one in tests. Nothing else in the tree opens a socket (tests/house/test_sockets).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::network {

/// First and last byte, inclusive, as in RFC 9110, 14.1.2.
struct ByteRange {
    std::uint64_t first = 0, last = 0;
};

/// Why a connection is made, as the ledger keeps it.
enum class Purpose { search, header, download, checksum };
std::string_view to_string(Purpose purpose);

/// A GET.
struct HttpRequest {
    std::string url;  ///< http or https, absolute
    /// Sent as they are. Authorization and Cookie never go to another host than that of `url`.
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<ByteRange> range;
    Purpose purpose = Purpose::search;
    std::string subject;  ///< what a person reads in the ledger: "SmolLM2-135M-Instruct"
};

/// Status line and headers of the last answer, after redirects.
struct HttpHead {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, values trimmed
    std::string url;                                           ///< the address that answered
    /// The first header of that name (lower case); empty: not there.
    std::string_view header(std::string_view name) const;
};

/// Told what comes, on the client's thread: be quick. Calls never overlap: on_head at most once, on_body any
/// number of times, on_end exactly once and last.
class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    /// Every status but a followed redirect comes here, 404 too. False: stop.
    virtual bool on_head(const HttpHead& head) = 0;
    /// Bytes as they came over the wire: no compression is asked for and none is undone. False: stop.
    virtual bool on_body(std::span<const std::byte> bytes) = 0;
    /// Bytes that on_body takes now at most. Where more came, the rest waits for resume() as after pause().
    virtual std::size_t room() { return SIZE_MAX; }
    /// ok: the server sent all it announced. Errors: offline, dns, refused, connection_lost, timed_out, tls,
    /// cancelled (stopped here), http_status (redirects without end or to where they may not go),
    /// invalid_argument.
    virtual void on_end(const Result<void>& result) = 0;
};

/// A request under way. Its calls are thread safe. Destroying it cancels.
class HttpExchange {
public:
    /// Cancels. Returns when no call of the handler runs or will come, except inside such a call, where it
    /// returns at once.
    virtual ~HttpExchange() = default;
    /// Ends with `cancelled`; nothing when it has ended.
    virtual void cancel() = 0;
    /// No on_body until resume(); the other side waits as its windows fill.
    virtual void pause() = 0;
    virtual void resume() = 0;
};

class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Never fails here: what goes wrong comes to on_end.
    virtual std::unique_ptr<HttpExchange> start(const HttpRequest& request,
                                                std::shared_ptr<HttpHandler> handler) = 0;
};

/// A small answer, whole.
struct HttpAnswer {
    HttpHead head;
    std::string body;
};

/// Waits for a small answer with status 200 (or 206 where a range was asked). Errors: those of on_end;
/// http_status: any other status, a Retry-After in the hint; too_large: longer than max_bytes; unsupported:
/// it came compressed. Not on the client's own thread.
Result<HttpAnswer> fetch(HttpClient& client, const HttpRequest& request, std::uint64_t max_bytes,
                         const CancelToken& cancel);
/// The same, but any status is an answer: for who wants to tell 401 from 404.
Result<HttpAnswer> fetch_any_status(HttpClient& client, const HttpRequest& request, std::uint64_t max_bytes,
                                    const CancelToken& cancel);

}  // namespace pellucid::network
