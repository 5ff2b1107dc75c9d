// Downloads over a real, faulty server, one fault at a time.
#include <thread>

#include "tests/app/download/bench.h"

using namespace pellucid;
using namespace pellucid::download;
using namespace pellucid::download::test;

class TestDownload : public QObject {
    Q_OBJECT

private slots:
    void shards_come_as_one_item() {
        const Body first = made_up(1'000'003, 1), second = made_up(300'000, 2), empty = made_up(0);
        FaultServer server([&](const ServerRequest& r) {
            return FaultServer::file(r,
                                     r.target == "/1"   ? first
                                     : r.target == "/2" ? second
                                                        : empty,
                                     "\"" + r.target + "\"");
        });
        Bench bench;
        auto spec = bench.item({file_of("a/m-00001.gguf", *first, {server.url() + "/1"}),
                                file_of("a/m-00002.gguf", *second, {server.url() + "/2"}),
                                file_of("a/none.txt", *empty, {server.url() + "/3"})});
        const auto status = bench.get(spec);
        COMPLETE(status);
        QCOMPARE(status.bytes_done, std::uint64_t{1'300'003});
        QCOMPARE(*status.bytes_total, std::uint64_t{1'300'003});
        QCOMPARE(status.bytes_checked, std::uint64_t{1'300'003});
        QCOMPARE(status.bytes_refetched, std::uint64_t{0});
        QVERIFY(slurp(spec.folder / "a/m-00001.gguf") == *first);
        QVERIFY(slurp(spec.folder / "a/m-00002.gguf") == *second);
        QVERIFY(std::filesystem::exists(spec.folder / "a/none.txt"));
        QVERIFY(!std::filesystem::exists(spec.folder / "a/m-00001.gguf.part"));
        QCOMPARE(server.body_bytes_sent(), std::uint64_t{1'300'003});
        const auto completed = bench.downloads->completed(status.id);
        QVERIFY(completed.ok());
        QCOMPARE(digest::to_hex(completed->at(0).sha256), sha_of(*first));
        QVERIFY(completed->at(0).blocks == blocks_of(*first, bench.tuning.block_bytes));
        QCOMPARE(completed->at(0).etag, std::string("\"/1\""));
        // The same again costs nothing but a look at the files.
        const auto again = bench.get(spec);
        COMPLETE(again);
        QVERIFY(again.id != status.id);
        QCOMPARE(server.body_bytes_sent(), std::uint64_t{1'300'003});
    }

    void nothing_is_known_but_the_address() {
        const Body body = made_up(500'000);
        for (const int mode : {0, 1, 2, 3}) {
            FaultServer server([&](const ServerRequest& r) {
                if (mode == 0) return FaultServer::file(r, body, "\"x\"");
                ServerReply reply;  // no ranges here
                reply.body = body;
                reply.chunked = mode == 2;
                reply.announce_length = mode == 1;
                return reply;
            });
            Bench bench;
            FileSpec file;
            file.name = "m.gguf";
            file.urls = {server.url()};
            if (mode == 3) file.sha256 = sha_of(*body);  // else nobody could tell whether it is whole
            const auto status = bench.get(bench.item({file}));
            COMPLETE(status);
            QVERIFY(slurp(bench.path() / "models/m.gguf") == *body);
            QCOMPARE(server.body_bytes_sent(), std::uint64_t{500'000});
        }
    }

    void names_that_attack() {
        Bench bench;
        bench.start();
        for (const std::string& name :
             {std::string("../m"), std::string("a/../../m"), std::string("/etc/m"), std::string("a\0b", 3),
              std::string(300, 'x'), std::string("CON"), std::string("nul.gguf"), std::string("a/COM1.txt"),
              std::string("a\\b"), std::string(""), std::string("a//b"), std::string("."), std::string("a/"),
              std::string("m."), std::string(" m"), std::string("a:b"), std::string("a\nb"),
              std::string("\xff\xfe"), std::string("\xc0\xaf")}) {
            FileSpec file;
            file.name = name;
            file.urls = {"https://127.0.0.1:1/"};
            const auto added = bench.downloads->add(bench.item({file}));
            QVERIFY2(!added.ok(), name.c_str());
            QVERIFY(added.error().code == ErrorCode::invalid_argument);
        }
        QVERIFY(check_name("模型/m-00001-of-00002.Q4_K_M.gguf").ok());
        QVERIFY(check_name("..m").ok());
        QVERIFY(check_name(std::string(240, 'x')).ok());
    }

    void what_servers_refuse_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("reason");
        QTest::newRow("401") << 401 << int(Reason::sign_in_needed);
        QTest::newRow("403") << 403 << int(Reason::access_denied);
        QTest::newRow("404") << 404 << int(Reason::not_there);
        QTest::newRow("410") << 410 << int(Reason::not_there);
        QTest::newRow("429") << 429 << int(Reason::server_busy);
        QTest::newRow("451") << 451 << int(Reason::access_denied);
        QTest::newRow("500") << 500 << int(Reason::server_error);
        QTest::newRow("503") << 503 << int(Reason::server_busy);
        QTest::newRow("511") << 511 << int(Reason::page_instead);
        QTest::newRow("418") << 418 << int(Reason::server_error);
    }
    void what_servers_refuse() {
        QFETCH(int, status);
        QFETCH(int, reason);
        const Body body = made_up(200'000);
        std::atomic<bool> refuses = true;
        FaultServer server([&](const ServerRequest& r) {
            if (!refuses) return FaultServer::file(r, body);
            ServerReply reply;
            reply.status = status;
            return reply;
        });
        Bench bench;
        const auto ended = bench.get(bench.item({file_of("m", *body, {server.url()})}));
        PAUSED(ended, static_cast<Reason>(reason));
        QVERIFY(!sentence(ended.reason, ended.detail).empty());
        QVERIFY(remedy(ended.reason) != Remedy::none);
        // The button works.
        refuses = false;
        bench.downloads->retry(ended.id);
        const auto again = bench.downloads->wait(ended.id, {});
        COMPLETE(*again);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
    }

    void retry_after_is_heeded() {
        const Body body = made_up(50'000);
        std::atomic<int> asked = 0;
        FaultServer server([&](const ServerRequest& r) {
            if (asked++ > 0) return FaultServer::file(r, body);
            ServerReply reply;
            reply.status = 503;
            reply.headers = {{"Retry-After", "1"}};
            return reply;
        });
        Bench bench;
        bench.settings.connections = 1;
        const auto before = bench.real_clock.steady_ms();
        COMPLETE(bench.get(bench.item({file_of("m", *body, {server.url()})})));
        QVERIFY(bench.real_clock.steady_ms() - before >= 1000);
    }

    void answers_that_are_no_file() {
        const Body body = made_up(200'000);
        ServerReply bad;
        FaultServer server([&](const ServerRequest&) { return bad; });
        const auto ends = [&](Reason reason) {
            Bench bench;
            PAUSED(bench.get(bench.item({file_of("m.gguf", *body, {server.url()})})), reason);
            QVERIFY(!std::filesystem::exists(bench.path() / "models/m.gguf"));
        };
        bad.body = body;
        bad.headers = {{"Content-Type", "text/html; charset=utf-8"}};  // a captive portal
        ends(Reason::page_instead);
        bad.headers = {{"Content-Encoding", "gzip"}};
        ends(Reason::server_error);
        bad.headers = {};
        bad.body = made_up(100'000);  // another length
        ends(Reason::wrong_size);
        bad.status = 206;
        bad.headers = {{"Content-Range", "bytes 5-100004/200000"}};
        ends(Reason::server_error);
        bad.headers = {{"Content-Range", "bytes nonsense"}};
        ends(Reason::server_error);
        bad.headers = {};
        ends(Reason::server_error);
        bad.headers = {{"Content-Range", "bytes 0-99999/300000"}};
        ends(Reason::wrong_size);
        bad.headers = {{"Content-Range", "bytes 0-99999/18446744073709551615"}};
        ends(Reason::wrong_size);
        bad = FaultServer::redirect(302, "/again");
        ends(Reason::server_error);
        bad = {};
        bad.raw = "SSH-2.0-OpenSSH\r\n";
        ends(Reason::server_error);
    }

    void hostile_sizes_are_refused() {
        FaultServer server([&](const ServerRequest&) {
            ServerReply reply;
            reply.status = 206;
            reply.body = made_up(128 * 1024);
            reply.headers = {{"Content-Range", "bytes 0-131071/9000000000000000000"}};
            return reply;
        });
        Bench bench;
        FileSpec file;
        file.name = "m";
        file.urls = {server.url()};
        PAUSED(bench.get(bench.item({file})), Reason::wrong_size);
    }

    // Nobody knows the size, and the first answer tells a wrong one.
    void a_first_answer_that_lies_about_the_size() {
        const Body body = made_up(200'000);
        const std::string lies[] = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
                                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-8/9\r\n"
                                    "Content-Length: 9\r\n\r\nx"};
        for (const std::string& lie : lies)
            for (const bool digest : {true, false}) {
                std::atomic<int> asked = 0;
                FaultServer server([&](const ServerRequest& r) {
                    if (asked++ > 0) return FaultServer::file(r, body);
                    ServerReply reply;
                    reply.raw = lie;
                    return reply;
                });
                Bench bench;
                auto file = file_of("m", *body, {server.url()});
                file.bytes.reset();
                if (!digest) file.sha256.clear();
                COMPLETE(bench.get(bench.item({file})));
                QVERIFY(slurp(bench.path() / "models/m") == *body);
            }
    }

    // The size that was announced is wrong, the digest is right: asked for again, the server is believed.
    void an_announced_size_that_is_wrong_does_not_stay_in_the_way() {
        const Body body = made_up(200'000);
        FaultServer server([&](const ServerRequest& r) { return FaultServer::file(r, body); });
        Bench bench;
        auto file = file_of("m", *body, {server.url()});
        file.bytes = 9;
        const auto ended = bench.get(bench.item({file}));
        PAUSED(ended, Reason::wrong_size);
        bench.downloads->retry(ended.id);
        COMPLETE(*bench.downloads->wait(ended.id, {}));
        QVERIFY(slurp(bench.path() / "models/m") == *body);
    }

    void a_server_without_ranges_takes_up_where_it_can() {
        const Body body = made_up(400'000);
        std::atomic<int> asked = 0;
        FaultServer server([&](const ServerRequest&) {
            ServerReply reply;
            reply.body = body;
            if (asked++ < 3) reply.cut_body = 100'000u * static_cast<unsigned>(asked);
            return reply;
        });
        Bench bench;
        const auto status = bench.get(bench.item({file_of("m", *body, {server.url()})}));
        COMPLETE(status);
        QVERIFY(status.bytes_refetched > 0);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
    }

    void breaking_off_everywhere_loses_nothing() {
        const Body body = made_up(300'000);
        std::atomic<int> asked = 0;
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body, "\"e\"");
            const int n = asked++;
            if (n % 3 != 2) reply.cut_body = 16'384u + static_cast<unsigned>(n) * 777u;
            reply.reset = n % 2 == 0;
            return reply;
        });
        Bench bench;
        const auto status = bench.get(bench.item({file_of("m", *body, {server.url()})}));
        COMPLETE(status);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QCOMPARE(status.bytes_refetched, std::uint64_t{0});
    }

    void stalls_are_noticed() {
        const Body body = made_up(300'000);
        std::atomic<int> asked = 0;
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body);
            if (asked++ < 4) reply.stall_body = 5000;
            return reply;
        });
        Bench bench;
        COMPLETE(bench.get(bench.item({file_of("m", *body, {server.url()})})));
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        FaultServer dead([&](const ServerRequest&) {
            ServerReply reply;
            reply.delay_ms = 60'000;
            return reply;
        });
        Bench other;
        PAUSED(other.get(other.item({file_of("m", *body, {dead.url()})})), Reason::stalled);
    }

    void a_file_that_changes_on_the_server() {
        const Body old_body = made_up(600'000, 1), new_body = made_up(600'000, 2);
        std::atomic<int> asked = 0;
        FaultServer server([&](const ServerRequest& r) {
            const bool changed = asked++ >= 3;
            return FaultServer::file(r, changed ? new_body : old_body, changed ? "\"new\"" : "\"old\"");
        });
        Bench bench;
        FileSpec file = file_of("m", *old_body, {server.url()});
        file.sha256.clear();
        const auto status = bench.get(bench.item({file}));
        PAUSED(status, Reason::changed_on_server);
        QVERIFY(status.bytes_done > 0);
        QVERIFY(std::filesystem::exists(bench.path() / "models/m.part"));  // nothing is deleted unasked
        bench.downloads->retry(status.id);
        const auto again = bench.downloads->wait(status.id, {});
        COMPLETE(*again);
        QVERIFY(slurp(bench.path() / "models/m") == *new_body);
    }

    void signed_addresses_run_out() {
        const Body body = made_up(500'000);
        std::atomic<int> given = 0, anew = 0;
        FaultServer server([&](const ServerRequest& r) {
            if (r.target == "/model") {
                ++anew;
                given = 0;
                return FaultServer::redirect(302, "/signed?" + std::to_string(anew));
            }
            // Each address serves twice.
            if (r.target != "/signed?" + std::to_string(anew) || given++ >= 2) {
                ServerReply reply;
                reply.status = 403;
                return reply;
            }
            return FaultServer::file(r, body, "\"e\"");
        });
        Bench bench;
        bench.settings.connections = 1;
        COMPLETE(bench.get(bench.item({file_of("m", *body, {server.url() + "/model"})})));
        QVERIFY(anew > 1);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
    }

    void several_mirrors_at_once_and_one_that_lies() {
        const Body body = made_up(2'000'000), lie = made_up(2'000'000, 7);
        std::atomic<int> first_asked = 0, second_asked = 0;
        FaultServer first([&](const ServerRequest& r) {
            ++first_asked;
            return FaultServer::file(r, body, "\"a\"");
        });
        FaultServer second([&](const ServerRequest& r) {
            ++second_asked;
            return FaultServer::file(r, body, "\"b\"");
        });
        FaultServer liar([&](const ServerRequest& r) { return FaultServer::file(r, lie); });
        FaultServer gone([&](const ServerRequest&) {
            ServerReply reply;
            reply.status = 404;
            return reply;
        });
        {
            Bench bench;
            COMPLETE(bench.get(bench.item({file_of("m", *body, {gone.url(), first.url(), second.url()})})));
            QVERIFY(first_asked > 1 && second_asked > 1);
            QVERIFY(slurp(bench.path() / "models/m") == *body);
        }
        Bench bench;
        auto file = file_of("m", *body, {liar.url(), first.url()});
        file.blocks = blocks_of(*body, 64 * 1024);
        const auto status = bench.get(bench.item({file}));
        COMPLETE(status);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QVERIFY(status.bytes_refetched > 0);
    }

    void a_bad_block_is_fetched_again_alone() {
        const Body body = made_up(1'000'000);
        auto broken = std::make_shared<std::string>(*body);
        (*broken)[500'000] ^= 1;
        std::atomic<int> bad_times = 1;
        FaultServer server([&](const ServerRequest& r) {
            const auto range = r.range();
            const bool hit = range && range->first <= 500'000 && range->last >= 500'000 && bad_times-- > 0;
            return FaultServer::file(r, hit ? Body(broken) : body, "\"e\"");
        });
        Bench bench;
        auto file = file_of("m", *body, {server.url()});
        file.blocks = blocks_of(*body, 16 * 1024);
        const auto status = bench.get(bench.item({file}));
        COMPLETE(status);
        QCOMPARE(status.bytes_refetched, std::uint64_t{16 * 1024});
        QCOMPARE(server.body_bytes_sent(), std::uint64_t{1'000'000 + 16 * 1024});
    }

    void without_block_digests_one_second_copy_is_fetched() {
        const Body body = made_up(400'000);
        auto broken = std::make_shared<std::string>(*body);
        (*broken)[100'000] ^= 1;
        // The first whole copy has a flipped bit; the second has not.
        std::atomic<std::uint64_t> served = 0;
        FaultServer server([&](const ServerRequest& r) {
            const auto range = r.range();
            const bool first_copy = served.fetch_add(range->last - range->first + 1) < body->size();
            return FaultServer::file(r, first_copy ? Body(broken) : body);
        });
        Bench bench;
        bench.settings.connections = 1;
        const auto status = bench.get(bench.item({file_of("m", *body, {server.url()})}));
        COMPLETE(status);
        QCOMPARE(server.body_bytes_sent(), std::uint64_t{800'000});
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QVERIFY(!std::filesystem::exists(bench.path() / "models/m.part"));
        QVERIFY(!std::filesystem::exists(bench.path() / "models/m.part2"));
        // A server that never has the right one: two copies, compared, and no third.
        FaultServer wrong([&](const ServerRequest& r) { return FaultServer::file(r, broken); });
        Bench other;
        const auto ended = other.get(other.item({file_of("m", *body, {wrong.url()})}));
        PAUSED(ended, Reason::wrong_digest);
        QVERIFY2(ended.detail.find("are the same") != std::string::npos, ended.detail.c_str());
        QCOMPARE(wrong.body_bytes_sent(), std::uint64_t{800'000});
        QVERIFY(std::filesystem::exists(other.path() / "models/m.part"));
        QVERIFY(!std::filesystem::exists(other.path() / "models/m"));
    }

    void what_the_disk_lost_is_fetched_again_alone() {
        const Body body = made_up(1'000'000);
        std::atomic<bool> stop_early = true;
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body, "\"e\"");
            if (stop_early && r.range()->last > 700'000) reply.status = 404;
            return reply;
        });
        Bench bench;
        bench.settings.connections = 1;
        const auto status = bench.get(bench.item({file_of("m", *body, {server.url()})}));
        PAUSED(status, Reason::not_there);
        const auto done = status.bytes_done;
        QVERIFY(done > 200'000);
        bench.downloads.reset();
        // The program is closed; bits rot.
        const auto part = bench.path() / "models/m.part";
        {
            std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(40'000);
            file << "rotten";
            file.seekp(150'000);
            file << "rotten";
        }
        stop_early = false;
        const auto before = server.body_bytes_sent();
        bench.start();
        bench.downloads->resume(status.id);
        const auto again = bench.downloads->wait(status.id, {});
        COMPLETE(*again);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QCOMPARE(again->bytes_refetched, std::uint64_t{2 * 16 * 1024});
        QVERIFY(server.body_bytes_sent() - before <= 1'000'000 - done + 3 * 16 * 1024);
    }

    void a_damaged_file_is_repaired() {
        const Body body = made_up(1'000'000);
        FaultServer server([&](const ServerRequest& r) { return FaultServer::file(r, body); });
        Bench bench;
        auto file = file_of("m", *body, {server.url()});
        file.blocks = blocks_of(*body, 16 * 1024);
        file.repair = true;
        std::filesystem::create_directories(bench.path() / "models");
        auto broken = *body;
        for (const std::size_t at : {0u, 300'000u, 999'999u}) broken[at] ^= 0x40;
        spill(bench.path() / "models/m", broken);
        const auto status = bench.get(bench.item({file}));
        COMPLETE(status);
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        QVERIFY(server.body_bytes_sent() <= 3 * 16 * 1024);
    }

    void another_file_of_that_name_is_left_alone() {
        const Body body = made_up(100'000);
        FaultServer server([&](const ServerRequest& r) { return FaultServer::file(r, body); });
        Bench bench;
        std::filesystem::create_directories(bench.path() / "models");
        for (const auto& other : {std::string("mine"), *made_up(100'000, 9)}) {
            spill(bench.path() / "models/m", other);
            const auto status = bench.get(bench.item({file_of("m", *body, {server.url()})}));
            PAUSED(status, Reason::name_taken);
            QCOMPARE(slurp(bench.path() / "models/m"), other);
            bench.downloads->cancel(status.id);
        }
        QTRY_VERIFY(bench.downloads->items().empty());
    }

    void pausing_cancelling_and_the_offline_switch() {
        const Body body = made_up(2'000'000);
        std::atomic<std::uint64_t> speed = 200'000;
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body, "\"e\"");
            reply.bytes_per_second = speed;
            return reply;
        });
        Bench bench;
        auto& downloads = bench.start();
        const auto id = *downloads.add(bench.item({file_of("m", *body, {server.url()})}));
        QTRY_VERIFY(downloads.item(id)->bytes_done > 30'000);
        downloads.pause(id);
        QTRY_VERIFY(downloads.item(id)->state == State::paused);
        QVERIFY(downloads.item(id)->reason == Reason::by_person);
        const auto kept = downloads.item(id)->bytes_done;
        QVERIFY(kept > 30'000);
        downloads.resume(id);
        QTRY_VERIFY(downloads.item(id)->state == State::fetching);
        QVERIFY(downloads.item(id)->bytes_done >= kept);
        bench.offline.set(true);
        QTRY_VERIFY(downloads.item(id)->state == State::waiting);
        QVERIFY(downloads.item(id)->reason == Reason::offline);
        const auto asked = server.requests();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        QCOMPARE(server.requests(), asked);
        speed = 0;
        bench.offline.set(false);
        const auto status = downloads.wait(id, {});
        COMPLETE(*status);
        QCOMPARE(status->bytes_refetched, std::uint64_t{0});
        QVERIFY(slurp(bench.path() / "models/m") == *body);
        // What is cancelled is gone, its partial file too.
        speed = 100'000;
        const auto other = *downloads.add(bench.item({file_of("n", *body, {server.url()})}));
        QTRY_VERIFY(std::filesystem::exists(bench.path() / "models/n.part"));
        downloads.cancel(other);
        QTRY_VERIFY(!downloads.item(other));
        QTRY_VERIFY(!std::filesystem::exists(bench.path() / "models/n.part"));
        downloads.forget(id);
        QTRY_VERIFY(downloads.items().empty());
        QVERIFY(std::filesystem::exists(bench.path() / "models/m"));
    }

    void an_order_is_not_lost_because_the_program_closes() {
        const Body body = made_up(100'000);
        FaultServer server([&](const ServerRequest& r) { return FaultServer::file(r, body, "\"e\""); });
        for (int i = 0; i < 20; ++i) {
            Bench bench;
            const auto id = *bench.start().add(bench.item({file_of("m", *body, {server.url()})}));
            bench.downloads->pause(id);
            bench.downloads->resume(id);
            bench.start();
            COMPLETE(*bench.downloads->wait(id, {}));
        }
    }

    void the_queue_heeds_priorities_and_hours() {
        const Body body = made_up(300'000);
        FaultServer server([&](const ServerRequest& r) {
            auto reply = FaultServer::file(r, body, "\"e\"");
            reply.bytes_per_second = 400'000;
            return reply;
        });
        Bench bench;
        auto& downloads = bench.start();
        std::atomic<int> told = 0;
        downloads.observe([&] { ++told; });
        const auto low = *downloads.add(bench.item({file_of("low", *body, {server.url()})}));
        QTRY_VERIFY(downloads.item(low)->state == State::fetching);
        auto urgent_spec = bench.item({file_of("urgent", *body, {server.url()})});
        urgent_spec.priority = 5;
        const auto urgent = *downloads.add(urgent_spec);
        QCOMPARE(*downloads.add(urgent_spec), urgent);  // not twice
        QTRY_VERIFY(downloads.item(urgent)->state == State::fetching);
        QTRY_VERIFY(downloads.item(low)->state == State::queued);
        COMPLETE(*downloads.wait(urgent, {}));
        COMPLETE(*downloads.wait(low, {}));
        QVERIFY(told > 2);
        downloads.observe({});
        DownloadSettings closed;
        const int minute = bench.real_clock.minute_of_day();
        closed.schedule = {(minute + 600) % 1440, (minute + 660) % 1440};
        downloads.set_settings(closed);
        const auto later = *downloads.add(bench.item({file_of("later", *body, {server.url()})}));
        QTRY_VERIFY(downloads.item(later)->state == State::waiting);
        QVERIFY(downloads.item(later)->reason == Reason::schedule);
        downloads.set_settings({});
        COMPLETE(*downloads.wait(later, {}));
    }

    void the_bandwidth_limit_holds() {
        const Body body = made_up(600'000);
        FaultServer server([&](const ServerRequest& r) { return FaultServer::file(r, body, "\"e\""); });
        Bench bench;
        bench.settings.connections = 2;
        bench.settings.bytes_per_second = 400'000;
        const auto before = bench.real_clock.steady_ms();
        COMPLETE(bench.get(bench.item({file_of("m", *body, {server.url()})})));
        const auto took = bench.real_clock.steady_ms() - before;
        // A quarter of a second's worth may be saved up, and what is on its way in sockets has been sent.
        QVERIFY2(took >= 700, qPrintable(QString::number(took)));
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "test_download.moc"
