// The network ledger in the database.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "app/network/ledger.h"

namespace pellucid::storage {
class NetworkLedger;
}

namespace pellucid::transfers {

/// Writes on a thread of its own, so that the network never waits for the database. Requests to one host for
/// one reason that follow each other within ten minutes become one row.
class StoredLedger final : public network::Ledger {
public:
    /// `ledger` must outlive it. `kept`: older rows are removed at the start.
    explicit StoredLedger(storage::NetworkLedger& ledger, int kept = 20'000);
    /// Writes what is not written yet.
    ~StoredLedger() override;

    void write(std::uint64_t exchange, const network::LedgerEntry& entry) override;
    /// Waits until everything so far is in the database.
    void flush();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pellucid::transfers
