// One request for a part of a file: what has come of it, and the way of its bytes to the thread of the
// transfer.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/digest/sha256.h"
#include "app/network/http_client.h"

namespace pellucid::download {

/// Takes what the client says on its thread and hands it over in pieces. Where pieces are not fetched as fast
/// as they come, the exchange is paused.
class Courier final : public network::HttpHandler {
public:
    /// `ring` is called on the client's thread when there is something to fetch and nothing was before.
    /// `most_waiting` bytes may lie unfetched before the exchange is paused, and no more than `allowed` come
    /// before allow() says that more may: what a stop of the program loses ends with the block it is at.
    Courier(std::function<void()> ring, std::size_t most_waiting, std::uint64_t allowed)
        : ring_(std::move(ring)), most_waiting_(most_waiting), allowed_(allowed) {}

    bool on_head(const network::HttpHead& head) override;
    bool on_body(std::span<const std::byte> bytes) override;
    std::size_t room() override;
    void on_end(const Result<void>& result) override;

    struct Parcel {
        std::optional<network::HttpHead> head;
        std::vector<std::byte> body;
        std::optional<Result<void>> end;
    };
    Parcel fetch();
    void set_exchange(network::HttpExchange* exchange);
    /// Body bytes that may have come by now, in all. Thread safe.
    void allow(std::uint64_t bytes);
    /// For the bandwidth limit. Thread safe.
    void hold(bool held);

private:
    void arrived();
    void pause_or_resume();
    std::function<void()> ring_;
    const std::size_t most_waiting_;  // bytes
    std::mutex mutex_;
    Parcel waiting_;
    std::uint64_t came_ = 0, allowed_;  // body bytes
    bool rung_ = false, paused_ = false, held_ = false;
    network::HttpExchange* exchange_ = nullptr;
};

struct Attempt {
    std::uint64_t id = 0;
    std::size_t file = 0, source = 0;
    std::uint64_t first = 0, end = 0;  ///< what was asked for; end excluded
    std::uint64_t at = 0;              ///< the next byte to be written
    std::uint64_t fresh = 0;           ///< bytes it brought that were not here
    bool short_lived = false;          ///< asked at a redirect's address
    bool answered = false, whole = false, satisfied = false;
    bool unsized = false;                     ///< whole, and nobody said how long
    std::vector<digest::Hash> stream_blocks;  ///< of an unsized one
    digest::Sha256 hash;                      ///< of the block at `at`, as far as it has come
    std::int64_t last_byte_ms = 0;
    std::shared_ptr<Courier> courier;
    std::unique_ptr<network::HttpExchange> exchange;
};

}  // namespace pellucid::download
