#include "app/transfers/stored_ledger.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/network_ledger.h"

namespace pellucid::transfers {
namespace {

constexpr std::int64_t kJoinMs = 10 * 60 * 1000;
constexpr std::size_t kMostRows = 64;  // that may still be joined

}  // namespace

struct StoredLedger::State {
    explicit State(storage::NetworkLedger& rows) : ledger(rows) {}

    /// A row of the database with the exchanges it adds up.
    struct Row {
        storage::LedgerRecord record;
        std::uint64_t closed_sent = 0, closed_received = 0;  // of exchanges that have ended
        std::map<std::uint64_t, network::LedgerEntry> open;
        std::int64_t last_ms = 0;
    };

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            arrived.wait(lock, [&] { return stopping || !waiting.empty(); });
            if (waiting.empty()) return;
            std::deque<std::pair<std::uint64_t, network::LedgerEntry>> batch;
            batch.swap(waiting);
            busy = true;
            lock.unlock();
            for (const auto& [exchange, entry] : batch) take(exchange, entry);
            for (Row& row : rows) save(row);
            lock.lock();
            busy = false;
            written.notify_all();
        }
    }

    void take(std::uint64_t exchange, const network::LedgerEntry& entry) {
        const std::string outcome = entry.failure ? std::string(to_string(*entry.failure)) : std::string();
        const std::string purpose(to_string(entry.purpose));
        auto at = std::find_if(rows.begin(), rows.end(),
                               [&](const Row& row) { return row.open.contains(exchange); });
        if (at == rows.end()) {
            at = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
                const auto& r = row.record;
                return r.host == entry.host && r.port == entry.port && r.proxy == entry.proxy &&
                       r.purpose == purpose && r.subject == entry.subject && r.outcome.empty() &&
                       entry.opened_at_ms - row.last_ms < kJoinMs;
            });
            if (at == rows.end()) {
                if (rows.size() >= kMostRows) forget_one();
                rows.emplace_back();
                at = std::prev(rows.end());
                auto& r = at->record;
                r.opened_at = entry.opened_at_ms;
                r.host = entry.host;
                r.port = entry.port;
                r.proxy = entry.proxy;
                r.purpose = purpose;
                r.subject = entry.subject;
                r.requests = 0;
            }
            ++at->record.requests;
        }
        at->last_ms = std::max(entry.opened_at_ms, entry.closed_at_ms);
        if (entry.status != 0) at->record.status = entry.status;
        if (entry.closed_at_ms != 0) {
            at->open.erase(exchange);
            at->closed_sent += entry.bytes_sent;
            at->closed_received += entry.bytes_received;
            // A row with a failure is not joined any more, so that each failure can be seen.
            if (!outcome.empty() && entry.failure != ErrorCode::cancelled) at->record.outcome = outcome;
        } else {
            at->open[exchange] = entry;
        }
        at->record.closed_at = at->open.empty() ? at->last_ms : 0;
        at->record.bytes_sent = at->closed_sent;
        at->record.bytes_received = at->closed_received;
        for (const auto& [id, known] : at->open) {
            at->record.bytes_sent += known.bytes_sent;
            at->record.bytes_received += known.bytes_received;
        }
        dirty.push_back(&*at);
    }

    void save(Row& row) {
        if (std::find(dirty.begin(), dirty.end(), &row) == dirty.end()) return;
        dirty.erase(std::remove(dirty.begin(), dirty.end(), &row), dirty.end());
        // A database that refuses must not stop the network; the next write tries again with the sums so far.
        if (row.record.id == 0) {
            if (const auto id = ledger.add(row.record)) row.record.id = *id;
        } else {
            (void)ledger.update(row.record);
        }
    }

    void forget_one() {
        const auto idle =
            std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.open.empty(); });
        if (idle == rows.end()) return;
        save(*idle);
        rows.erase(idle);
    }

    storage::NetworkLedger& ledger;
    std::mutex mutex;
    std::condition_variable arrived, written;
    std::deque<std::pair<std::uint64_t, network::LedgerEntry>> waiting;
    bool stopping = false, busy = false;
    std::vector<Row*> dirty;  // of the thread, as are the rows
    std::list<Row> rows;
    std::thread thread;
};

StoredLedger::StoredLedger(storage::NetworkLedger& ledger, int kept)
    : state_(std::make_unique<State>(ledger)) {
    (void)ledger.keep_newest(kept);
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

StoredLedger::~StoredLedger() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->arrived.notify_all();
    state_->thread.join();
}

void StoredLedger::write(std::uint64_t exchange, const network::LedgerEntry& entry) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->waiting.emplace_back(exchange, entry);
    }
    state_->arrived.notify_all();
}

void StoredLedger::flush() {
    std::unique_lock lock(state_->mutex);
    state_->written.wait(lock, [&] { return state_->waiting.empty() && !state_->busy; });
}

}  // namespace pellucid::transfers
