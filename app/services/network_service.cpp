#include "app/services/network_service.h"

namespace pellucid::app {

void ToldLedger::write(std::uint64_t exchange, const network::LedgerEntry& entry) {
    ledger_.write(exchange, entry);
    const std::lock_guard lock(mutex_);
    if (target_) target_->post(changed_);
}

void ToldLedger::tell(QObject* context, std::function<void()> changed) {
    const std::lock_guard lock(mutex_);
    target_.emplace(context);
    changed_ = std::move(changed);
}

NetworkService::NetworkService(network::OfflineSwitch& offline, ToldLedger& ledger, storage::Store& store,
                               std::function<void(const NetworkChoices&)> apply)
    : offline_(offline),
      ledger_(ledger),
      store_(store),
      apply_(std::move(apply)),
      thread_(QStringLiteral("ledger")) {}

void NetworkService::use(const NetworkChoices& choices) {
    apply_(choices);
    offline_.set(choices.offline);
}

void NetworkService::rows(int count, QObject* context, std::function<void(std::vector<LedgerRow>)> then) {
    thread_.run(
        [this, count] {
            std::vector<LedgerRow> rows;
            if (const auto records = store_.ledger().list(count))
                for (const storage::LedgerRecord& record : *records)
                    rows.push_back({record.id, record.opened_at, QString::fromStdString(record.host),
                                    QString::fromStdString(record.purpose),
                                    QString::fromStdString(record.subject), record.bytes_received,
                                    record.bytes_sent, record.outcome == "offline"});
            return rows;
        },
        context, std::move(then));
}

void NetworkService::watch(QObject* context, std::function<void()> changed) {
    ledger_.tell(context, std::move(changed));
}

void NetworkService::forget(QObject* context, std::function<void()> then) {
    thread_.run([this] { (void)store_.ledger().clear(); }, context, std::move(then));
}

}  // namespace pellucid::app
