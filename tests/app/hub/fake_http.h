// An HttpClient whose answers a test writes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/network/http_client.h"

namespace pellucid::hub {

/// Calls `answer` for each request, in start(); remembers what was asked.
class FakeHttp final : public network::HttpClient {
public:
    using Answer = std::function<Result<network::HttpAnswer>(const network::HttpRequest&)>;
    explicit FakeHttp(Answer answer) : answer_(std::move(answer)) {}

    std::unique_ptr<network::HttpExchange> start(const network::HttpRequest& request,
                                                 std::shared_ptr<network::HttpHandler> handler) override {
        requests.push_back(request);
        auto answer = answer_(request);
        if (!answer) {
            handler->on_end(answer.failure());
        } else {
            if (answer->head.url.empty()) answer->head.url = request.url;
            bool goes_on = handler->on_head(answer->head);
            if (goes_on) goes_on = handler->on_body(std::as_bytes(std::span(answer->body)));
            handler->on_end(goes_on ? Result<void>() : fail(ErrorCode::cancelled, "stopped"));
        }
        return std::make_unique<Ended>();
    }

    std::vector<network::HttpRequest> requests;

private:
    struct Ended final : network::HttpExchange {
        void cancel() override {}
        void pause() override {}
        void resume() override {}
    };
    Answer answer_;
};

inline network::HttpAnswer answer_of(int status, std::string body,
                                     std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {{status, std::move(headers), {}}, std::move(body)};
}

/// What a server of `content` answers to a request, ranges and all.
inline network::HttpAnswer serve(const std::string& content, const network::HttpRequest& request,
                                 const std::string& etag = "\"1\"") {
    if (!request.range) return answer_of(200, content, {{"etag", etag}});
    if (request.range->first >= content.size()) return answer_of(416, "");
    const std::uint64_t last = std::min<std::uint64_t>(request.range->last, content.size() - 1);
    return answer_of(206, content.substr(request.range->first, last - request.range->first + 1),
                     {{"etag", etag},
                      {"content-range", "bytes " + std::to_string(request.range->first) + "-" +
                                            std::to_string(last) + "/" + std::to_string(content.size())}});
}

}  // namespace pellucid::hub
