// A web server for tests: real sockets on loopback, real TLS with an authority made on the spot, and every
// fault a server, a network or a thing in between can have, when asked for.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pellucid::test {

struct ServerRequest {
    std::string method, target;                  ///< target with its query
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string header(const std::string& name) const {
        const auto at = headers.find(name);
        return at == headers.end() ? std::string() : at->second;
    }
    /// Of "Range: bytes=a-b" or "bytes=a-"; none otherwise.
    struct Range {
        std::uint64_t first, last;
    };
    std::optional<Range> range() const;
};

/// What the server does with one request.
struct ServerReply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<const std::string> body = std::make_shared<std::string>();
    std::uint64_t first = 0;            ///< of `body`, what is sent
    std::optional<std::uint64_t> size;  ///< none: to the end of `body`
    bool announce_length = true;  ///< Content-Length; without it the end of the connection ends the body
    bool chunked = false;
    bool bad_chunk = false;          ///< the chunked body ends in the middle of a chunk
    std::optional<std::string> raw;  ///< sent instead of everything else
    // Faults.
    int delay_ms = 0;                       ///< before the first byte
    std::optional<std::uint64_t> cut_head;  ///< the connection ends after so many bytes of the head
    std::optional<std::uint64_t> cut_body;  ///< … of the body
    bool reset = false;                     ///< a cut is a RST, not an orderly end
    std::optional<std::uint64_t>
        stall_body;      ///< after so many bytes of the body nothing more comes, the line stays open
    bool close = false;  ///< after this answer
    std::uint64_t bytes_per_second = 0;  ///< 0: as fast as it goes
};

class FaultServer {
public:
    using Answer = std::function<ServerReply(const ServerRequest&)>;
    struct Options {
        bool tls = true;
        std::string host = "127.0.0.1";  ///< what the certificate is for; it always listens on loopback
        bool expired = false;            ///< the certificate is
        bool stranger = false;           ///< signed by another authority than authority_file()'s
        std::atomic<int>* reset_handshakes =
            nullptr;  ///< so many connections are reset as soon as they are there
    };
    /// Listens on a free port. `answer` is called on many threads.
    explicit FaultServer(Answer answer) : FaultServer(std::move(answer), Options()) {}
    FaultServer(Answer answer, Options options);
    ~FaultServer();
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    /// "https://127.0.0.1:PORT"
    std::string url() const;
    int port() const { return port_; }
    std::uint64_t body_bytes_sent() const { return body_bytes_; }
    int requests() const { return requests_; }
    int connections() const { return connections_; }

    /// PEM of the authority that signed the certificates of this process's servers; a file made at the first
    /// call.
    static std::string authority_file();

    /// 206 with the asked range of `body`, or 200 with all of it; ETag as given (with quotes), If-Range
    /// honoured.
    static ServerReply file(const ServerRequest& request, std::shared_ptr<const std::string> body,
                            const std::string& etag = {});
    static ServerReply redirect(int status, const std::string& location);

private:
    class Line;
    void accept_all();
    void serve(int socket);
    bool send_reply(Line& line, const ServerReply& reply);

    Answer answer_;
    Options options_;
    int listener_ = -1, port_ = 0;
    void* tls_ = nullptr;  // SSL_CTX
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> body_bytes_ = 0;
    std::atomic<int> requests_ = 0, connections_ = 0, live_ = 0;
    std::mutex mutex_;
    std::map<int, bool> sockets_;
    std::thread acceptor_;
};

}  // namespace pellucid::test
