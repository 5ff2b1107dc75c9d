// What is kept in the database: the ledger's rows and the downloads.
#include <QtTest>

#include "app/transfers/stored_downloads.h"
#include "app/transfers/stored_ledger.h"
#include "storage/store.h"
#include "tests/app/download/bench.h"

using namespace pellucid;
using namespace pellucid::download;
using namespace pellucid::download::test;

class TestTransfers : public QObject {
    Q_OBJECT

private slots:
    void requests_of_one_kind_become_one_row() {
        QTemporaryDir folder;
        storage::DatabaseOptions options;
        options.path = folder.filePath("pellucid.db").toStdString();
        const auto store = *storage::Store::open(options);
        transfers::StoredLedger ledger(store->ledger());
        network::LedgerEntry entry;
        entry.opened_at_ms = 1000;
        entry.host = "hub.example";
        entry.port = 443;
        entry.purpose = network::Purpose::download;
        entry.subject = "a model";
        ledger.write(1, entry);
        ledger.flush();
        QCOMPARE(store->ledger().list()->at(0).closed_at, storage::Millis{0});
        auto second = entry;
        second.opened_at_ms = 1500;
        ledger.write(2, second);
        entry.bytes_received = 700;
        entry.bytes_sent = 10;
        entry.status = 206;
        ledger.write(1, entry);
        entry.closed_at_ms = 2000;
        ledger.write(1, entry);
        second.bytes_received = 300;
        second.closed_at_ms = 3000;
        ledger.write(2, second);
        auto refused = entry;
        refused.opened_at_ms = refused.closed_at_ms = 4000;
        refused.bytes_received = refused.bytes_sent = 0;
        refused.failure = ErrorCode::offline;
        ledger.write(3, refused);
        auto later = second;
        later.opened_at_ms = later.closed_at_ms = 4000 + 3'600'000;
        ledger.write(4, later);
        auto search = entry;
        search.purpose = network::Purpose::search;
        ledger.write(5, search);
        ledger.flush();
        auto rows = *store->ledger().list();
        std::reverse(rows.begin(), rows.end());
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].requests, 3);
        QCOMPARE(rows[0].bytes_received, std::uint64_t{1000});
        QCOMPARE(rows[0].bytes_sent, std::uint64_t{10});
        QCOMPARE(rows[0].status, 206);
        QCOMPARE(rows[0].opened_at, storage::Millis{1000});
        QCOMPARE(rows[0].closed_at, storage::Millis{4000});
        QCOMPARE(rows[0].outcome, std::string("offline"));
        QCOMPARE(rows[1].requests, 1);
        QCOMPARE(rows[2].purpose, std::string("search"));
    }

    void a_download_goes_on_in_another_run() {
        const Body body = made_up(900'000);
        std::atomic<bool> refuses = true;
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body, "\"e\"");
            if (refuses && r.range()->first > 300'000) reply.status = 404;
            return reply;
        });
        Bench bench;
        bench.settings.connections = 2;
        const auto run = [&](auto&& what) {
            storage::DatabaseOptions options;
            options.path = bench.path() / "pellucid.db";
            const auto store = *storage::Store::open(options);
            transfers::StoredDownloads rows(store->downloads());
            bench.store = &rows;
            what(bench.start());
            bench.downloads.reset();
        };
        ItemId id = 0;
        auto file = file_of("m", *body, {server.url()});
        run([&](Downloads& downloads) {
            id = *downloads.add(bench.item({file}));
            PAUSED(*downloads.wait(id, {}), Reason::not_there);
            QVERIFY(downloads.item(id)->bytes_done > 100'000);
        });
        refuses = false;
        const auto before = server.body_bytes_sent();
        std::uint64_t done = 0;
        run([&](Downloads& downloads) {
            const auto found = downloads.item(id);
            QVERIFY(found.has_value());
            PAUSED(*found, Reason::not_there);
            done = found->bytes_done;
            QVERIFY(done > 100'000);
            downloads.resume(id);
            COMPLETE(*downloads.wait(id, {}));
            const auto completed = downloads.completed(id);
            QVERIFY(completed.ok());
            QVERIFY(completed->at(0).blocks == blocks_of(*body, bench.tuning.block_bytes));
        });
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QVERIFY(server.body_bytes_sent() - before <= body->size() - done);
        run([&](Downloads& downloads) {
            COMPLETE(*downloads.item(id));
            downloads.forget(id);
            QTRY_VERIFY(downloads.items().empty());
        });
    }

    void rows_are_read_with_suspicion() {
        storage::DownloadFileRecord record;
        record.bytes = -5;
        record.sha256 = "nonsense";
        record.block_bytes = -1;
        record.published_blocks = std::string(33, 'x');
        record.repair = true;
        auto file = transfers::file_of_record(record);
        QVERIFY(!file.spec.bytes && file.spec.sha256.empty() && file.block_bytes == 0 &&
                !file.spec.blocks.known() && !file.spec.repair);
        record.bytes = INT64_MAX;
        record.block_bytes = 1;
        file = transfers::file_of_record(record);
        QVERIFY(!file.spec.bytes);
        record.bytes = std::int64_t{1} << 50;
        QCOMPARE(transfers::file_of_record(record).block_bytes, std::uint64_t{0});
        // A name that attacks is not loaded, whoever wrote it.
        QTemporaryDir folder;
        storage::DatabaseOptions options;
        options.path = folder.filePath("pellucid.db").toStdString();
        const auto store = *storage::Store::open(options);
        storage::DownloadRecord bad;
        bad.folder = "/tmp";
        bad.state = "queued";
        storage::DownloadFileRecord attack;
        attack.name = "../../etc/passwd";
        bad.files = {attack};
        QVERIFY(store->downloads().add(bad).ok());
        storage::DownloadRecord good;
        good.folder = "/tmp";
        good.state = "a word nobody knows";
        attack.name = "m";
        good.files = {attack};
        QVERIFY(store->downloads().add(good).ok());
        transfers::StoredDownloads rows(store->downloads());
        const auto loaded = rows.load();
        QVERIFY(loaded.ok());
        QCOMPARE(loaded->size(), std::size_t{1});
        QVERIFY(loaded->at(0).state == State::paused);
    }
};

QTEST_GUILESS_MAIN(TestTransfers)
#include "test_transfers.moc"
