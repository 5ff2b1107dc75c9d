// The network ledger and the rows of downloads.
#include "storage/downloads.h"
#include "storage/network_ledger.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

class TestDownloadRows : public QObject {
    Q_OBJECT

private slots:
    void the_ledger_keeps_what_was_asked() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& ledger = store->ledger();
        LedgerRecord row;
        row.opened_at = 5;
        row.host = "huggingface.co";
        row.port = 443;
        row.proxy = "http://proxy:3128";
        row.purpose = "download";
        row.subject = "模型";
        TAKE(row.id, ledger.add(row));
        row.closed_at = 9;
        row.requests = 3;
        row.bytes_sent = 700;
        row.bytes_received = 5'000'000'000;
        row.status = 206;
        row.outcome = "connection_lost";
        OK(ledger.update(row));
        LedgerRecord second;
        second.host = "b";
        TAKE(second.id, ledger.add(second));
        TAKE(const auto list, ledger.list());
        QCOMPARE(list.size(), std::size_t{2});
        QCOMPARE(list[0].host, std::string("b"));
        QCOMPARE(list[1].host, std::string("huggingface.co"));
        QCOMPARE(list[1].port, 443);
        QCOMPARE(list[1].proxy, row.proxy);
        QCOMPARE(list[1].purpose, row.purpose);
        QCOMPARE(list[1].subject, row.subject);
        QCOMPARE(list[1].requests, 3);
        QCOMPARE(list[1].bytes_sent, std::uint64_t{700});
        QCOMPARE(list[1].bytes_received, std::uint64_t{5'000'000'000});
        QCOMPARE(list[1].status, 206);
        QCOMPARE(list[1].outcome, row.outcome);
        QCOMPARE(list[1].opened_at, Millis{5});
        QCOMPARE(list[1].closed_at, Millis{9});
        OK(ledger.keep_newest(1));
        TAKE(const auto kept, ledger.list());
        QCOMPARE(kept.size(), std::size_t{1});
        QCOMPARE(kept[0].host, std::string("b"));
        OK(ledger.clear());
        TAKE(const auto none, ledger.list());
        QVERIFY(none.empty());
    }

    void a_download_comes_back_as_it_was() {
        DataFolder folder;
        DownloadRecord record;
        {
            TAKE(auto store, folder.open());
            record.title = "A model";
            record.note = "{}";
            record.folder = "/models/a";
            record.priority = 2;
            record.state = "queued";
            DownloadFileRecord first;
            first.name = "a-00001-of-00002.gguf";
            first.bytes = 5'000'000'000;
            first.sha256 = std::string(64, 'a');
            first.block_bytes = 1 << 22;
            first.published_blocks = std::string("\0\1\2", 3) + std::string(61, 'x');
            first.repair = true;
            first.sources = {{"https://a/1", "\"e\""}, {"https://b/1", ""}};
            DownloadFileRecord second;
            second.name = "a-00002-of-00002.gguf";
            record.files = {first, second};
            OK(store->downloads().add(record));
            QVERIFY(record.id > 0 && record.files[0].id > 0 && record.added_at > 0);
            OK(store->downloads().add_blocks(record.files[0].id,
                                             {{7, std::string(32, '\0')}, {3, std::string(32, 'q')}}));
            OK(store->downloads().add_blocks(record.files[0].id, {{7, std::string(32, 'z')}}));
            OK(store->downloads().add_blocks(record.files[1].id, {{0, std::string(32, 'z')}}));
            record.state = "paused";
            record.reason = "no_space";
            record.detail = "3 GB";
            record.completed_at = 12;
            OK(store->downloads().update(record));
            record.files[1].bytes = 10;
            record.files[1].complete = true;
            record.files[1].sources = {{"https://c/2", "W/\"x\""}};
            OK(store->downloads().update_file(record.files[1]));
        }
        TAKE(auto store, folder.open());
        auto& rows = store->downloads();
        TAKE(const auto list, rows.list());
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].title, record.title);
        QCOMPARE(list[0].folder, record.folder);
        QCOMPARE(list[0].priority, 2);
        QCOMPARE(list[0].state, std::string("paused"));
        QCOMPARE(list[0].reason, std::string("no_space"));
        QCOMPARE(list[0].detail, std::string("3 GB"));
        QCOMPARE(list[0].completed_at, Millis{12});
        QCOMPARE(list[0].files.size(), std::size_t{2});
        const auto& first = list[0].files[0];
        QCOMPARE(first.bytes, std::int64_t{5'000'000'000});
        QCOMPARE(first.published_blocks, record.files[0].published_blocks);
        QVERIFY(first.repair && !first.complete);
        QCOMPARE(first.sources.size(), std::size_t{2});
        QCOMPARE(first.sources[0].etag, std::string("\"e\""));
        const auto& second = list[0].files[1];
        QVERIFY(second.complete);
        QCOMPARE(second.sources.at(0).url, std::string("https://c/2"));
        TAKE(const auto blocks, rows.blocks(first.id));
        QCOMPARE(blocks.size(), std::size_t{2});
        QCOMPARE(blocks[0].block, std::int64_t{3});
        QCOMPARE(blocks[1].sha256, std::string(32, 'z'));
        OK(rows.remove_blocks(first.id, {3, 99}));
        TAKE(const auto fewer, rows.blocks(first.id));
        QCOMPARE(fewer.size(), std::size_t{1});
        OK(rows.remove_all_blocks(first.id));
        TAKE(const auto none, rows.blocks(first.id));
        QVERIFY(none.empty());
        // Files, sources and blocks go with their item.
        OK(rows.remove(list[0].id));
        TAKE(const auto gone, rows.blocks(second.id));
        QVERIFY(gone.empty());
        REFUSED(rows.remove(list[0].id), ErrorCode::not_found);
        REFUSED(rows.update(record), ErrorCode::not_found);
        REFUSED(rows.update_file(record.files[1]), ErrorCode::not_found);
        QVERIFY(!rows.add_blocks(second.id, {{0, std::string(32, 'z')}}).ok());
    }
};

QTEST_GUILESS_MAIN(TestDownloadRows)
#include "test_downloads.moc"
