#include "tests/app/network/kit/fault_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tests/app/network/kit/certificates.h"

namespace pellucid::test {
namespace {

struct Authority {
    Identity trusted = make_authority("Pellucid test authority");
    Identity stranger = make_authority("Corporate Inspection CA");
    std::string file;
    Authority() {
        char name[] = "/tmp/pellucid-authority-XXXXXX";
        const int made = mkstemp(name);
        if (made < 0) throw std::runtime_error("no temporary file");
        close(made);
        file = name;
        std::ofstream(file) << to_pem(trusted);
        std::signal(SIGPIPE, SIG_IGN);
    }
    ~Authority() { unlink(file.c_str()); }
};

Authority& authority() {
    static Authority made;
    return made;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(tolower(c)); });
    return text;
}

}  // namespace

/// One connection, encrypted or not.
class FaultServer::Line {
public:
    Line(int socket, SSL_CTX* context) : socket_(socket) {
        if (context == nullptr) return;
        ssl_ = SSL_new(context);
        SSL_set_fd(ssl_, socket);
        good_ = SSL_accept(ssl_) == 1;
    }
    ~Line() {
        if (ssl_ != nullptr) SSL_free(ssl_);
    }
    bool good() const { return good_; }
    int socket() const { return socket_; }

    long read(char* to, std::size_t size) {
        return ssl_ != nullptr ? SSL_read(ssl_, to, static_cast<int>(size)) : ::recv(socket_, to, size, 0);
    }
    bool write(const char* from, std::size_t size) {
        while (size > 0) {
            const long sent =
                ssl_ != nullptr
                    ? SSL_write(ssl_, from, static_cast<int>(std::min<std::size_t>(size, 1 << 20)))
                    : ::send(socket_, from, size, MSG_NOSIGNAL);
            if (sent <= 0) return false;
            from += sent;
            size -= static_cast<std::size_t>(sent);
        }
        return true;
    }
    void end(bool reset) {
        if (reset) {
            const linger now{1, 0};
            setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        } else if (ssl_ != nullptr && good_) {
            SSL_shutdown(ssl_);
        }
    }

private:
    int socket_;
    SSL* ssl_ = nullptr;
    bool good_ = true;
};

std::optional<ServerRequest::Range> ServerRequest::range() const {
    const std::string text = header("range");
    unsigned long long first = 0, last = ~0ull;
    if (std::sscanf(text.c_str(), "bytes=%llu-%llu", &first, &last) < 1) return {};
    return Range{first, last};
}

FaultServer::FaultServer(Answer answer, Options options)
    : answer_(std::move(answer)), options_(std::move(options)) {
    authority();
    if (options_.tls) {
        SSL_CTX* context = SSL_CTX_new(TLS_server_method());
        const Identity own = make_server(options_.stranger ? authority().stranger : authority().trusted,
                                         options_.host, options_.expired ? -1 : 10);
        SSL_CTX_use_certificate(context, own.certificate.get());
        SSL_CTX_use_PrivateKey(context, own.key.get());
        tls_ = context;
    }
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0)
        throw std::runtime_error("no port");
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

FaultServer::~FaultServer() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [socket, open] : sockets_) shutdown(socket, SHUT_RDWR);
    }
    while (live_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (tls_ != nullptr) SSL_CTX_free(static_cast<SSL_CTX*>(tls_));
}

std::string FaultServer::url() const {
    return (options_.tls ? "https://" : "http://") + options_.host + ":" + std::to_string(port_);
}

std::string FaultServer::authority_file() {
    return authority().file;
}

void FaultServer::accept_all() {
    while (!stopping_) {
        const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        ++connections_;
        if (options_.reset_handshakes != nullptr && options_.reset_handshakes->fetch_sub(1) > 0) {
            const linger now{1, 0};
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
            close(socket);
            continue;
        }
        const int yes = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        {
            const std::lock_guard lock(mutex_);
            sockets_[socket] = true;
        }
        ++live_;
        std::thread([this, socket] {
            serve(socket);
            {
                const std::lock_guard lock(mutex_);
                sockets_.erase(socket);
                close(socket);
            }
            --live_;
        }).detach();
    }
}

void FaultServer::serve(int socket) {
    Line line(socket, static_cast<SSL_CTX*>(tls_));
    if (!line.good()) return;
    std::string buffer;
    while (!stopping_) {
        std::size_t end;
        while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
            char bytes[8192];
            const long got = line.read(bytes, sizeof bytes);
            if (got <= 0 || buffer.size() > (1 << 20)) return;
            buffer.append(bytes, static_cast<std::size_t>(got));
        }
        const std::string head = buffer.substr(0, end + 2);
        buffer.erase(0, end + 4);
        ServerRequest request;
        std::size_t at = head.find("\r\n");
        const std::string first = head.substr(0, at);
        request.method = first.substr(0, first.find(' '));
        const std::size_t from = request.method.size() + 1;
        request.target = first.substr(from, first.find(' ', from) - from);
        while ((at += 2) < head.size()) {
            const std::size_t stop = head.find("\r\n", at);
            const std::string field = head.substr(at, stop - at);
            const std::size_t colon = field.find(':');
            if (colon != std::string::npos)
                request.headers[lower(field.substr(0, colon))] =
                    field.substr(field.find_first_not_of(' ', colon + 1));
            at = stop;
        }
        ++requests_;
        if (!send_reply(line, answer_(request))) return;
    }
}

/// False: the connection is over.
bool FaultServer::send_reply(Line& line, const ServerReply& reply) {
    const auto wait = [&](int ms) {
        // Waits no longer than the other side stays.
        for (int waited = 0; waited < ms && !stopping_; waited += 5) {
            pollfd gone{line.socket(), POLLRDHUP, 0};
            if (poll(&gone, 1, 5) > 0) return false;
        }
        return !stopping_.load();
    };
    const auto cut = [&] {
        line.end(reply.reset);
        return false;
    };
    if (reply.delay_ms > 0 && !wait(reply.delay_ms)) return false;
    if (reply.raw) {
        line.write(reply.raw->data(), reply.raw->size());
        return cut();
    }
    const std::uint64_t whole = reply.body->size();
    const std::uint64_t first = std::min(reply.first, whole);
    const std::uint64_t size = std::min(reply.size.value_or(whole - first), whole - first);
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\n";
    for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
    if (reply.chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (reply.announce_length)
        head += "Content-Length: " + std::to_string(size) + "\r\n";
    const bool close_after = reply.close || (!reply.chunked && !reply.announce_length);
    if (close_after) head += "Connection: close\r\n";
    head += "\r\n";
    if (reply.cut_head) {
        line.write(head.data(), std::min<std::size_t>(head.size(), *reply.cut_head));
        return cut();
    }
    if (!line.write(head.data(), head.size())) return false;
    std::uint64_t sent = 0;
    const std::uint64_t piece =
        reply.bytes_per_second > 0 ? std::max<std::uint64_t>(1, reply.bytes_per_second / 50) : 64 * 1024;
    while (sent < size) {
        if (reply.cut_body && sent >= *reply.cut_body) return cut();
        if (reply.stall_body && sent >= *reply.stall_body) {
            wait(120'000);
            return false;
        }
        std::uint64_t now = std::min(piece, size - sent);
        if (reply.cut_body) now = std::min(now, *reply.cut_body - sent);
        if (reply.stall_body) now = std::min(now, *reply.stall_body - sent);
        if (reply.chunked) {
            char length[32];
            std::snprintf(
                length, sizeof length, "%llx\r\n",
                static_cast<unsigned long long>(reply.bad_chunk && sent + now == size ? now + 100 : now));
            if (!line.write(length, std::strlen(length))) return false;
        }
        if (!line.write(reply.body->data() + first + sent, now)) return false;
        if (reply.chunked && !(reply.bad_chunk && sent + now == size) && !line.write("\r\n", 2)) return false;
        sent += now;
        body_bytes_ += now;
        if (reply.bytes_per_second > 0 && !wait(20)) return false;
    }
    if (reply.cut_body || (reply.chunked && reply.bad_chunk)) return cut();
    if (reply.stall_body) {
        wait(120'000);
        return false;
    }
    if (reply.chunked && !line.write("0\r\n\r\n", 5)) return false;
    if (close_after) return cut();
    return true;
}

ServerReply FaultServer::file(const ServerRequest& request, std::shared_ptr<const std::string> body,
                              const std::string& etag) {
    ServerReply reply;
    reply.body = std::move(body);
    if (!etag.empty()) reply.headers.emplace_back("ETag", etag);
    reply.headers.emplace_back("Content-Type", "application/octet-stream");
    const auto range = request.range();
    const std::string condition = request.header("if-range");
    if (!range || (!condition.empty() && condition != etag)) return reply;
    const std::uint64_t size = reply.body->size();
    if (range->first >= size) {
        reply.status = 416;
        reply.body = std::make_shared<std::string>();
        reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return reply;
    }
    const std::uint64_t last = std::min(range->last, size - 1);
    reply.status = 206;
    reply.first = range->first;
    reply.size = last - range->first + 1;
    reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                    std::to_string(last) + "/" + std::to_string(size));
    return reply;
}

ServerReply FaultServer::redirect(int status, const std::string& location) {
    ServerReply reply;
    reply.status = status;
    reply.headers.emplace_back("Location", location);
    return reply;
}

}  // namespace pellucid::test
