#include "app/network/http_client.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pellucid::network {

std::string_view to_string(Purpose purpose) {
    switch (purpose) {
        case Purpose::search:
            return "search";
        case Purpose::header:
            return "header";
        case Purpose::download:
            return "download";
        case Purpose::checksum:
            return "checksum";
    }
    return "unknown";
}

std::string_view HttpHead::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

namespace {

/// Gathers an answer until it ends.
class Gatherer : public HttpHandler {
public:
    explicit Gatherer(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

    bool on_head(const HttpHead& head) override {
        const std::lock_guard lock(mutex_);
        answer_.head = head;
        return true;
    }
    bool on_body(std::span<const std::byte> bytes) override {
        const std::lock_guard lock(mutex_);
        if (bytes.size() > max_bytes_ - answer_.body.size()) {
            too_large_ = true;
            return false;
        }
        answer_.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return true;
    }
    void on_end(const Result<void>& result) override {
        const std::lock_guard lock(mutex_);
        end_ = result;
        ended_.notify_all();
    }

    Result<HttpAnswer> wait(HttpExchange& exchange, const CancelToken& cancel) {
        std::unique_lock lock(mutex_);
        bool told = false;
        while (!ended_.wait_for(lock, std::chrono::milliseconds(50), [&] { return end_.has_value(); })) {
            if (told || !cancel.cancelled()) continue;
            told = true;
            lock.unlock();
            exchange.cancel();
            lock.lock();
        }
        if (too_large_)
            return fail(ErrorCode::too_large, answer_.head.url + " answered with more than " +
                                                  std::to_string(max_bytes_) + " bytes");
        if (!*end_) return end_->failure();
        return std::move(answer_);
    }

private:
    const std::uint64_t max_bytes_;
    std::mutex mutex_;
    std::condition_variable ended_;
    HttpAnswer answer_;
    std::optional<Result<void>> end_;
    bool too_large_ = false;
};

}  // namespace

Result<HttpAnswer> fetch_any_status(HttpClient& client, const HttpRequest& request, std::uint64_t max_bytes,
                                    const CancelToken& cancel) {
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the request was stopped before it began");
    const auto gatherer = std::make_shared<Gatherer>(max_bytes);
    const auto exchange = client.start(request, gatherer);
    PELLUCID_TRY(HttpAnswer answer, gatherer->wait(*exchange, cancel));
    const auto encoding = answer.head.header("content-encoding");
    if (!encoding.empty() && encoding != "identity")
        return fail(ErrorCode::unsupported, answer.head.url + " answered compressed (" +
                                                std::string(encoding) + "), which was not asked for");
    return answer;
}

Result<HttpAnswer> fetch(HttpClient& client, const HttpRequest& request, std::uint64_t max_bytes,
                         const CancelToken& cancel) {
    PELLUCID_TRY(HttpAnswer answer, fetch_any_status(client, request, max_bytes, cancel));
    const int status = answer.head.status;
    if (status == 200 || (status == 206 && request.range)) return answer;
    const auto retry = answer.head.header("retry-after");
    return fail(ErrorCode::http_status, answer.head.url + " answered with status " + std::to_string(status),
                retry.empty() ? std::string() : "try again after " + std::string(retry) + " s");
}

}  // namespace pellucid::network
