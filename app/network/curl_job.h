// One request on its way through libcurl, over its redirects. Lives on the client's thread.
#pragma once

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/network/curl_client.h"

namespace pellucid::network {

/// What an exchange and its job share across threads.
struct ExchangeState {
    std::atomic<bool> paused = false, cancelled = false;
    std::mutex mutex;
    std::condition_variable ended_changed;
    bool ended = false;
};

/// A parsed address.
struct Address {
    std::string url, scheme, host;
    int port = 0;
    bool same_origin(const Address& other) const {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
};
/// `url`, or `url` as a Location seen from `base`. invalid_argument: not http(s), no host, not an address.
Result<Address> parse_address(const std::string& url, const Address* base = nullptr);

/// What a job needs of its client.
struct JobHost {
    OfflineSwitch& offline;
    Ledger& ledger;
    CurlOptions options;  // as they stand when the job begins
    std::function<std::uint64_t()> next_entry;
};

class CurlJob {
public:
    CurlJob(JobHost host, HttpRequest request, std::shared_ptr<HttpHandler> handler,
            std::shared_ptr<ExchangeState> state);
    ~CurlJob();
    CurlJob(const CurlJob&) = delete;
    CurlJob& operator=(const CurlJob&) = delete;

    /// Sets the handle up for the first address. An error is what the job ends with.
    Result<void> begin();
    CURL* handle() const { return easy_; }
    /// libcurl is done with the handle. True: it was set up anew for a redirect and is to be added again.
    /// Otherwise `result` is what the job ends with.
    bool done(CURLcode code, Result<void>& result);
    /// Writes the entry's counts while it is open.
    void write_progress();
    /// Closes the ledger's entry and tells the handler; the last call.
    void end(const Result<void>& result);

    const std::shared_ptr<ExchangeState>& state() const { return state_; }
    /// The other side's certificate was looked at and refused, and why; filled by the TLS library's callback.
    struct Distrust {
        bool refused = false;
        std::string issuer, why;
    };

private:
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* job);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* job);
    static curl_socket_t on_socket(void* job, curlsocktype purpose, curl_sockaddr* address);
    static CURLcode on_tls(CURL* easy, void* context, void* job);

    Result<void> prepare(Address address);
    bool take_header(std::string_view line);
    void open_entry();
    void count_bytes();
    Error error_of(CURLcode code) const;

    JobHost host_;
    HttpRequest request_;
    std::shared_ptr<HttpHandler> handler_;
    std::shared_ptr<ExchangeState> state_;
    CURL* easy_ = nullptr;
    curl_slist* sent_headers_ = nullptr;
    std::array<char, CURL_ERROR_SIZE> message_{};
    Address first_, address_;
    std::string proxy_;
    HttpHead head_;
    std::string location_;        // of a redirect to be followed
    bool head_complete_ = false;  // what comes now is body, or a trailer
    bool redirecting_ = false;
    std::size_t head_bytes_ = 0, ignored_bytes_ = 0;
    std::size_t taken_before_ = 0;  ///< bytes of the piece that libcurl gives again after a pause
    int redirects_ = 0;
    Distrust distrust_;
    bool blocked_ = false;  // the offline switch closed the socket's door
    std::uint64_t entry_id_ = 0;
    LedgerEntry entry_;
};

}  // namespace pellucid::network
