#include "app/network/ledger.h"

#include <algorithm>

namespace pellucid::network {

void MemoryLedger::write(std::uint64_t exchange, const LedgerEntry& entry) {
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(entries_.rbegin(), entries_.rend(),
                                 [&](const auto& known) { return known.first == exchange; });
    if (at == entries_.rend())
        entries_.emplace_back(exchange, entry);
    else
        at->second = entry;
}

std::vector<LedgerEntry> MemoryLedger::entries() const {
    const std::lock_guard lock(mutex_);
    std::vector<LedgerEntry> all;
    for (const auto& [exchange, entry] : entries_) all.push_back(entry);
    return all;
}

}  // namespace pellucid::network
