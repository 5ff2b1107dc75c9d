#include "app/network/curl_job.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "engine/base/ascii.h"

namespace pellucid::network {
namespace {

constexpr std::size_t kMostHeadBytes = 256 * 1024;
constexpr std::size_t kMostIgnoredBytes =
    256 * 1024;  // of a redirect's body, so that its connection can be kept

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t from = text.find_first_not_of(blank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

/// Which slot of an SSL_CTX holds the job; the TLS library hands such numbers out once for a process.
int tls_slot() {
    static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

/// Only listens: what OpenSSL found stays what it is.
int on_certificate(int trusted, X509_STORE_CTX* store) {
    if (trusted == 1) return trusted;
    const auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* distrust = static_cast<CurlJob::Distrust*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), tls_slot()));
    if (distrust == nullptr || distrust->refused) return trusted;
    distrust->refused = true;
    distrust->why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
    if (X509* certificate = X509_STORE_CTX_get_current_cert(store)) {
        char name[256] = {};
        X509_NAME* issuer = X509_get_issuer_name(certificate);
        if (X509_NAME_get_text_by_NID(issuer, NID_commonName, name, sizeof name) <= 0)
            X509_NAME_get_text_by_NID(issuer, NID_organizationName, name, sizeof name);
        distrust->issuer = name;
    }
    return trusted;
}

struct UrlHandle {
    CURLU* handle = curl_url();
    UrlHandle() = default;
    UrlHandle(const UrlHandle&) = delete;
    UrlHandle& operator=(const UrlHandle&) = delete;
    ~UrlHandle() { curl_url_cleanup(handle); }
    std::string get(CURLUPart part, unsigned flags = 0) const {
        char* text = nullptr;
        if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return {};
        std::string out(text);
        curl_free(text);
        return out;
    }
};

}  // namespace

Result<Address> parse_address(const std::string& url, const Address* base) {
    UrlHandle parsed;
    if (parsed.handle == nullptr) return fail(ErrorCode::out_of_memory, "out of memory");
    const bool clean = url.find('\0') == std::string::npos && url.size() < 64 * 1024;
    bool good = clean;
    if (good && base != nullptr)
        good = curl_url_set(parsed.handle, CURLUPART_URL, base->url.c_str(), 0) == CURLUE_OK;
    good = good && curl_url_set(parsed.handle, CURLUPART_URL, url.c_str(), CURLU_URLENCODE) == CURLUE_OK;
    Address address;
    if (good) {
        curl_url_set(parsed.handle, CURLUPART_FRAGMENT, nullptr, 0);
        address.url = parsed.get(CURLUPART_URL);
        address.scheme = ascii_lower(parsed.get(CURLUPART_SCHEME));
        address.host = ascii_lower(parsed.get(CURLUPART_HOST));
        address.port = std::atoi(parsed.get(CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
    }
    if (!good || address.host.empty() || (address.scheme != "https" && address.scheme != "http"))
        return fail(ErrorCode::invalid_argument,
                    "'" + (clean ? url : std::string("…")) + "' is not a web address",
                    "write it with https:// at its beginning");
    return address;
}

CurlJob::CurlJob(JobHost host, HttpRequest request, std::shared_ptr<HttpHandler> handler,
                 std::shared_ptr<ExchangeState> state)
    : host_(std::move(host)),
      request_(std::move(request)),
      handler_(std::move(handler)),
      state_(std::move(state)) {}

CurlJob::~CurlJob() {
    if (easy_ != nullptr) curl_easy_cleanup(easy_);
    curl_slist_free_all(sent_headers_);
}

Result<void> CurlJob::begin() {
    PELLUCID_TRY(first_, parse_address(request_.url));
    return prepare(first_);
}

Result<void> CurlJob::prepare(Address address) {
    address_ = std::move(address);
    head_ = {};
    location_.clear();
    head_complete_ = redirecting_ = blocked_ = false;
    head_bytes_ = ignored_bytes_ = 0;
    distrust_ = {};
    proxy_.clear();
    if (host_.options.proxy.mode == ProxySettings::Mode::system && host_.options.system_proxy)
        proxy_ = host_.options.system_proxy(address_.url);
    else
        proxy_ = proxy_for(host_.options.proxy, address_.scheme, address_.host, [](const char* name) {
            const char* value = std::getenv(name);
            return std::string(value == nullptr ? "" : value);
        });
    open_entry();
    if (host_.offline.on())
        return fail(ErrorCode::offline, "the offline switch is on: " + address_.host + " was not asked",
                    "turn it off to use the network");
    if (!proxy_.empty()) PELLUCID_CHECK(check_proxy(proxy_));

    if (easy_ == nullptr) easy_ = curl_easy_init();
    if (easy_ == nullptr) return fail(ErrorCode::out_of_memory, "out of memory for a connection");
    curl_easy_reset(easy_);
    curl_slist_free_all(sent_headers_);
    sent_headers_ = curl_slist_append(nullptr, "Accept-Encoding: identity");
    for (const auto& [name, value] : request_.headers) {
        const std::string key = ascii_lower(name);
        if ((key == "authorization" || key == "cookie") && !address_.same_origin(first_)) continue;
        if (key.empty() || (name + value).find_first_of(std::string("\r\n\0", 3)) != std::string::npos)
            return fail(ErrorCode::invalid_argument, "a header '" + key + "' cannot be sent");
        sent_headers_ = curl_slist_append(sent_headers_, (name + ": " + value).c_str());
    }
    if (request_.range)
        sent_headers_ =
            curl_slist_append(sent_headers_, ("Range: bytes=" + std::to_string(request_.range->first) + "-" +
                                              std::to_string(request_.range->last))
                                                 .c_str());
    const auto set = [this](auto option, auto value) { curl_easy_setopt(easy_, option, value); };
    set(CURLOPT_URL, address_.url.c_str());
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, message_.data());
    message_[0] = 0;
    set(CURLOPT_HTTPHEADER, sent_headers_);
    set(CURLOPT_USERAGENT, host_.options.user_agent.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // done here: each address is asked about and written down
    set(CURLOPT_HTTP_VERSION,
        static_cast<long>(CURL_HTTP_VERSION_1_1));  // ranges want connections of their own
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_BUFFERSIZE, 256L * 1024);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(host_.options.connect_timeout_ms));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::max(1, host_.options.idle_timeout_ms / 1000)));
    // Who the other side is, always.
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    set(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!host_.options.extra_authorities.empty())
        set(CURLOPT_CAINFO, host_.options.extra_authorities.c_str());
    set(CURLOPT_SSL_CTX_FUNCTION, &CurlJob::on_tls);
    set(CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
    // An empty proxy keeps libcurl from reading the environment by itself.
    set(CURLOPT_PROXY, proxy_.c_str());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_HEADERFUNCTION, &CurlJob::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &CurlJob::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_OPENSOCKETFUNCTION, &CurlJob::on_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    return {};
}

curl_socket_t CurlJob::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& job = *static_cast<CurlJob*>(self);
    if (job.host_.offline.on()) {
        job.blocked_ = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode CurlJob::on_tls(CURL*, void* context, void* self) {
    auto* tls = static_cast<SSL_CTX*>(context);
    SSL_CTX_set_ex_data(tls, tls_slot(), &static_cast<CurlJob*>(self)->distrust_);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, &on_certificate);
    return CURLE_OK;
}

bool CurlJob::take_header(std::string_view line) {
    if (head_complete_) return true;  // a trailer
    head_bytes_ += line.size();
    if (head_bytes_ > kMostHeadBytes) return false;
    if (line.starts_with("HTTP/")) {
        head_ = {};
        const std::size_t space = line.find(' ');
        if (space != std::string_view::npos)
            head_.status = std::atoi(std::string(line.substr(space + 1)).c_str());
        return true;
    }
    const std::string_view text = trimmed(line);
    if (!text.empty()) {
        const std::size_t colon = text.find(':');
        if (colon != std::string_view::npos)
            head_.headers.emplace_back(ascii_lower(trimmed(text.substr(0, colon))),
                                       trimmed(text.substr(colon + 1)));
        return true;
    }
    if (head_.status < 200) return true;  // "continue", "early hints": the answer follows
    head_complete_ = true;
    head_.url = address_.url;
    entry_.status = head_.status;
    const int status = head_.status;
    location_ = head_.header("location");
    redirecting_ = (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
                   !location_.empty();
    return redirecting_ || handler_->on_head(head_);
}

std::size_t CurlJob::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& job = *static_cast<CurlJob*>(self);
    const bool go_on = job.take_header({data, size * count}) && !job.state_->cancelled;
    return go_on ? size * count : 0;
}

std::size_t CurlJob::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& job = *static_cast<CurlJob*>(self);
    const std::size_t bytes = size * count;
    if (job.state_->cancelled) return 0;
    if (job.redirecting_) {
        job.ignored_bytes_ += bytes;
        return job.ignored_bytes_ <= kMostIgnoredBytes ? bytes : 0;
    }
    if (job.state_->paused) return CURL_WRITEFUNC_PAUSE;
    // What was not taken of a piece comes again with the whole piece, perhaps cut otherwise.
    const std::size_t skipped = std::min(bytes, job.taken_before_);
    std::size_t at = skipped;
    while (at < bytes) {
        const std::size_t taken = std::min(bytes - at, job.handler_->room());
        if (taken > 0 && !job.handler_->on_body({reinterpret_cast<const std::byte*>(data) + at, taken}))
            return 0;
        if (job.state_->cancelled) return 0;
        at += taken;
        if (at == bytes) break;
        // Paused first and asked for room after that: a resume() in between is not missed.
        const bool was = job.state_->paused.exchange(true);
        if (job.handler_->room() == 0) {
            job.taken_before_ += at - skipped;
            return CURL_WRITEFUNC_PAUSE;
        }
        job.state_->paused = was;
    }
    job.taken_before_ -= skipped;
    return bytes;
}

bool CurlJob::done(CURLcode code, Result<void>& result) {
    count_bytes();
    if (redirecting_ && !state_->cancelled) {
        auto next = parse_address(location_, &address_);
        if (!next) {
            result = fail(ErrorCode::http_status, address_.host + " sent this on to an address that is none");
            return false;
        }
        if (address_.scheme == "https" && next->scheme != "https") {
            result = fail(ErrorCode::http_status,
                          address_.host + " sent this on from https to plain http: " + next->host,
                          "nothing was asked there; use another source");
            return false;
        }
        if (++redirects_ > host_.options.redirects) {
            result =
                fail(ErrorCode::http_status,
                     first_.host + " sends this on in circles (" + std::to_string(redirects_) + " times)",
                     "try again later or use another source");
            return false;
        }
        entry_.closed_at_ms = now_ms();
        host_.ledger.write(entry_id_, entry_);
        result = prepare(*std::move(next));
        return result.ok();
    }
    result = code == CURLE_OK ? Result<void>() : Result<void>(fail(error_of(code)));
    return false;
}

void CurlJob::open_entry() {
    entry_ = {};
    entry_id_ = host_.next_entry();
    entry_.opened_at_ms = now_ms();
    entry_.host = address_.host;
    entry_.port = address_.port;
    entry_.proxy = without_password(proxy_);
    entry_.purpose = request_.purpose;
    entry_.subject = request_.subject;
    host_.ledger.write(entry_id_, entry_);
}

void CurlJob::count_bytes() {
    if (easy_ == nullptr) return;
    curl_off_t body = 0;
    long head = 0, sent = 0;
    curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &body);
    curl_easy_getinfo(easy_, CURLINFO_HEADER_SIZE, &head);
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
    entry_.bytes_received = static_cast<std::uint64_t>(std::max<curl_off_t>(body, 0) + std::max(head, 0L));
    entry_.bytes_sent = static_cast<std::uint64_t>(std::max(sent, 0L));
}

void CurlJob::write_progress() {
    count_bytes();
    host_.ledger.write(entry_id_, entry_);
}

void CurlJob::end(const Result<void>& result) {
    if (entry_id_ != 0) {
        if (!result && result.error().code != ErrorCode::offline) count_bytes();
        entry_.closed_at_ms = now_ms();
        if (!result) entry_.failure = result.error().code;
        host_.ledger.write(entry_id_, entry_);
    }
    handler_->on_end(result);
    handler_.reset();
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
    state_->ended_changed.notify_all();
}

Error CurlJob::error_of(CURLcode code) const {
    const std::string& host = address_.host;
    const std::string said =
        message_[0] != 0 ? std::string(message_.data()) : std::string(curl_easy_strerror(code));
    if (blocked_ || host_.offline.on())
        return {ErrorCode::offline, "the offline switch is on: " + host + " was not asked",
                "turn it off to use the network"};
    if (state_->cancelled || code == CURLE_WRITE_ERROR)
        return {ErrorCode::cancelled, "the request to " + host + " was stopped", ""};
    const std::string via = proxy_.empty() ? host : host + " through " + without_password(proxy_);
    long number = 0;
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number);
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorCode::dns, "the name " + host + " could not be looked up",
                    "check the network and the address"};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {ErrorCode::dns,
                    "the proxy's name in " + without_password(proxy_) + " could not be looked up",
                    "check the proxy in the network settings"};
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY:
            return {ErrorCode::refused, "no connection to " + via + ": " + said,
                    "check the network and the proxy settings"};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorCode::timed_out, via + " sent nothing for too long", "try again later"};
        case CURLE_SSL_CONNECT_ERROR:
            if (!distrust_.refused &&
                (number == ECONNRESET || number == EPIPE || said.find("SYSCALL") != std::string::npos ||
                 said.find("unexpected eof") != std::string::npos || said.find("reset") != std::string::npos))
                return {ErrorCode::connection_lost, "the connection to " + via + " broke off", "try again"};
            [[fallthrough]];
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CIPHER: {
            const std::string hint =
                "an antivirus program or a company's proxy that reads along does this: add its authority in "
                "the network "
                "settings, or use another network. The check is never left out";
            if (distrust_.refused && !distrust_.issuer.empty())
                return {ErrorCode::tls,
                        host + " shows a certificate by '" + distrust_.issuer +
                            "', which is not trusted: " + distrust_.why,
                        hint};
            return {ErrorCode::tls, host + " could not prove that it is " + host + ": " + said, hint};
        }
        case CURLE_SSL_CACERT_BADFILE:
            return {ErrorCode::tls, "the list of trusted authorities cannot be read: " + said,
                    "install the package ca-certificates, or correct the file in the network settings"};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_TOO_MANY_REDIRECTS:
            // After a good status line it is a head that was cut.
            if (head_.status == 0)
                return {ErrorCode::http_status, host + " answered with something that is not HTTP: " + said,
                        ""};
            return {ErrorCode::connection_lost, "the connection to " + via + " broke off: " + said,
                    "try again"};
        case CURLE_URL_MALFORMAT:
            return {ErrorCode::invalid_argument, "'" + address_.url + "' is not a web address",
                    "write it with https:// at its beginning"};
        case CURLE_OUT_OF_MEMORY:
            return {ErrorCode::out_of_memory, "out of memory for a connection", ""};
        default:
            return {ErrorCode::connection_lost, "the connection to " + via + " broke off: " + said,
                    "try again"};
    }
}

}  // namespace pellucid::network
