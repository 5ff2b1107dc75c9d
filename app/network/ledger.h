// Where the client writes down every connection it makes or refuses to make.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/network/http_client.h"

namespace pellucid::network {

/// One request to one host. A redirect to another address is an entry of its own.
struct LedgerEntry {
    std::int64_t opened_at_ms = 0, closed_at_ms = 0;  ///< wall clock since 1970; closed 0: still open
    std::string host;
    int port = 0;
    std::string proxy;  ///< without user and password; empty: straight
    Purpose purpose = Purpose::search;
    std::string subject;
    std::uint64_t bytes_sent = 0,
                  bytes_received = 0;  ///< of HTTP, headers included; TLS's own bytes are not counted
    int status = 0;
    std::optional<ErrorCode> failure;
};

class Ledger {
public:
    virtual ~Ledger() = default;
    /// On the client's thread: when a request is opened, about every two seconds while it runs, and when it
    /// ends. `exchange` is the same for all calls about one entry and never used again.
    virtual void write(std::uint64_t exchange, const LedgerEntry& entry) = 0;
};

/// Kept in memory only. Thread safe.
class MemoryLedger final : public Ledger {
public:
    void write(std::uint64_t exchange, const LedgerEntry& entry) override;
    std::vector<LedgerEntry> entries() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<std::uint64_t, LedgerEntry>> entries_;
};

}  // namespace pellucid::network
