// The network ledger: who was asked, why, and how many bytes went each way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pellucid::storage {

using LedgerId = std::int64_t;

struct LedgerRecord {
    LedgerId id = 0;
    Millis opened_at = 0;
    Millis closed_at = 0;  ///< 0: open, or the program ended before it was closed
    std::string host;
    int port = 0;
    std::string proxy;    ///< empty: straight
    std::string purpose;  ///< search, header, download, checksum
    std::string subject;  ///< what it was about, for a person
    int requests = 1;     ///< in a row, of the same host for the same reason
    std::uint64_t bytes_sent = 0, bytes_received = 0;
    int status = 0;       ///< of the last answer; 0: none came
    std::string outcome;  ///< empty: fine; else the kind of failure ("offline", "tls")
};

/// Thread safe, as Conversations is.
class NetworkLedger {
public:
    explicit NetworkLedger(Database& database);

    /// A new row, `closed_at` as given.
    Result<LedgerId> add(const LedgerRecord& record);
    /// Writes the counts, status, outcome and closing time of a row; nothing where it was forgotten.
    Result<void> update(const LedgerRecord& record);
    /// Newest first; at most `limit`.
    Result<std::vector<LedgerRecord>> list(int limit = 1000) const;
    /// Removes all rows but the newest `kept`.
    Result<void> keep_newest(int kept);
    Result<void> clear();

private:
    Database& database_;
};

}  // namespace pellucid::storage
