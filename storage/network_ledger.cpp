#include "storage/network_ledger.h"

#include "storage/connection.h"

namespace pellucid::storage {

NetworkLedger::NetworkLedger(Database& database) : database_(database) {}

Result<LedgerId> NetworkLedger::add(const LedgerRecord& r) {
    return writing(database_, [&](Connection& connection) -> LedgerId {
        connection
            .query(
                "INSERT INTO network_ledger (opened_at, closed_at, host, port, proxy, purpose, subject, "
                "requests, bytes_sent, bytes_received, status, outcome) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
            .bind(r.opened_at, r.closed_at, r.host, r.port, r.proxy, r.purpose, r.subject, r.requests,
                  r.bytes_sent, r.bytes_received, r.status, r.outcome)
            .run();
        return connection.last_insert_id();
    });
}

Result<void> NetworkLedger::update(const LedgerRecord& r) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "UPDATE network_ledger SET closed_at = ?2, requests = ?3, bytes_sent = ?4, "
                "bytes_received = ?5, status = ?6, outcome = ?7 WHERE id = ?1")
            .bind(r.id, r.closed_at, r.requests, r.bytes_sent, r.bytes_received, r.status, r.outcome)
            .run();
    });
}

Result<std::vector<LedgerRecord>> NetworkLedger::list(int limit) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<LedgerRecord> rows;
        auto query = connection.query(
            "SELECT id, opened_at, closed_at, host, port, proxy, purpose, subject, requests, bytes_sent, "
            "bytes_received, status, outcome FROM network_ledger ORDER BY id DESC LIMIT ?1");
        query.bind(limit);
        while (query.step()) {
            LedgerRecord row;
            row.id = query.integer(0);
            row.opened_at = query.integer(1);
            row.closed_at = query.integer(2);
            row.host = query.text(3);
            row.port = query.small(4);
            row.proxy = query.text(5);
            row.purpose = query.text(6);
            row.subject = query.text(7);
            row.requests = query.small(8);
            row.bytes_sent = static_cast<std::uint64_t>(query.integer(9));
            row.bytes_received = static_cast<std::uint64_t>(query.integer(10));
            row.status = query.small(11);
            row.outcome = query.text(12);
            rows.push_back(std::move(row));
        }
        return rows;
    });
}

Result<void> NetworkLedger::keep_newest(int kept) {
    return writing(database_, [&](Connection& connection) {
        connection
            .query(
                "DELETE FROM network_ledger WHERE id <= (SELECT id FROM network_ledger ORDER BY id DESC "
                "LIMIT 1 OFFSET ?1)")
            .bind(kept)
            .run();
    });
}

Result<void> NetworkLedger::clear() {
    return writing(database_,
                   [](Connection& connection) { connection.query("DELETE FROM network_ledger").run(); });
}

}  // namespace pellucid::storage
