// The one way out behind the door that the views know: the offline switch, the proxy, and the ledger.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "app/models/network_source.h"
#include "app/network/ledger.h"
#include "app/network/offline_switch.h"
#include "app/threads/work_thread.h"
#include "storage/store.h"

namespace pellucid::app {

/// Passes every entry on, and says that there is one. Thread safe.
class ToldLedger final : public network::Ledger {
public:
    explicit ToldLedger(network::Ledger& ledger) : ledger_(ledger) {}
    void write(std::uint64_t exchange, const network::LedgerEntry& entry) override;
    void tell(QObject* context, std::function<void()> changed);

private:
    network::Ledger& ledger_;
    std::mutex mutex_;
    std::optional<GuiContext> target_;
    std::function<void()> changed_;
};

class NetworkService final : public NetworkSource {
public:
    /// What is given must outlive it. `apply`: what else follows the choices (proxy, limit, hubs).
    NetworkService(network::OfflineSwitch& offline, ToldLedger& ledger, storage::Store& store,
                   std::function<void(const NetworkChoices&)> apply);

    void use(const NetworkChoices& choices) override;
    void rows(int count, QObject* context, std::function<void(std::vector<LedgerRow>)> then) override;
    void watch(QObject* context, std::function<void()> changed) override;
    void forget(QObject* context, std::function<void()> then) override;

private:
    network::OfflineSwitch& offline_;
    ToldLedger& ledger_;
    storage::Store& store_;
    const std::function<void(const NetworkChoices&)> apply_;
    WorkThread thread_;
};

}  // namespace pellucid::app
