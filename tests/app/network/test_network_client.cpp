// The client against a server with faults: real sockets, real TLS.
#include <QtTest>
#include <thread>

#include "app/network/curl_client.h"
#include "tests/app/network/kit/fault_server.h"

using namespace pellucid;
using namespace pellucid::network;
using pellucid::test::FaultServer;
using pellucid::test::ServerReply;
using pellucid::test::ServerRequest;

namespace {

std::shared_ptr<const std::string> bytes_of(std::size_t size) {
    auto text = std::make_shared<std::string>(size, ' ');
    std::uint32_t state = 1;
    for (char& c : *text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return text;
}

struct Bench {
    OfflineSwitch offline;
    MemoryLedger ledger;
    std::unique_ptr<CurlClient> client;
    explicit Bench(int idle_ms = 60'000, bool trusting = true) {
        CurlOptions options;
        options.proxy.mode = ProxySettings::Mode::none;
        if (trusting) options.extra_authorities = FaultServer::authority_file();
        options.idle_timeout_ms = idle_ms;
        options.connect_timeout_ms = 5000;
        client = std::make_unique<CurlClient>(offline, ledger, options);
    }
    Result<HttpAnswer> get(const std::string& url,
                           std::vector<std::pair<std::string, std::string>> headers = {}) {
        HttpRequest request;
        request.url = url;
        request.headers = std::move(headers);
        request.subject = "a test";
        return fetch(*client, request, 1 << 24, {});
    }
};

#define REFUSED(result, expected)                                                      \
    do {                                                                               \
        const auto& refusal = (result);                                                \
        QVERIFY2(!refusal.ok(), "expected a refusal");                                 \
        QCOMPARE(QString::fromStdString(std::string(to_string(refusal.error().code))), \
                 QString::fromStdString(std::string(to_string(expected))));            \
        QVERIFY(!refusal.error().what.empty());                                        \
    } while (false)

/// Counts what comes; may stop or pause.
class Probe : public HttpHandler {
public:
    bool on_head(const HttpHead& head) override {
        status = head.status;
        return true;
    }
    bool on_body(std::span<const std::byte> bytes) override {
        got += bytes.size();
        if (on_bytes) return on_bytes();
        return true;
    }
    void on_end(const Result<void>& result) override {
        ++ends;
        if (!result) code = result.error().code;
        ended = true;
    }
    std::function<bool()> on_bytes;
    std::atomic<int> status = 0, ends = 0;
    std::atomic<std::uint64_t> got = 0;
    std::atomic<bool> ended = false;
    std::atomic<ErrorCode> code = ErrorCode::internal;
};

}  // namespace

class TestNetworkClient : public QObject {
    Q_OBJECT

private slots:
    // A handler that takes a little at a time gets every byte once and in order, however libcurl cuts them.
    void what_has_no_room_comes_later() {
        class Sipper final : public HttpHandler {
        public:
            bool on_head(const HttpHead&) override { return true; }
            bool on_body(std::span<const std::byte> bytes) override {
                const std::lock_guard lock(mutex);
                too_much = too_much || bytes.size() > left;
                left -= std::min(left, bytes.size());
                text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                return true;
            }
            std::size_t room() override {
                const std::lock_guard lock(mutex);
                return left;
            }
            void on_end(const Result<void>& result) override {
                good = result.ok();
                ended = true;
            }
            /// Takes `bytes` more. True: it has all it was given room for.
            bool sip(std::size_t bytes) {
                const std::lock_guard lock(mutex);
                if (left > 0) return false;
                left = bytes;
                exchange->resume();
                return true;
            }
            std::mutex mutex;
            std::string text;
            std::size_t left = 0;
            bool too_much = false;
            HttpExchange* exchange = nullptr;
            std::atomic<bool> ended = false, good = false;
        };
        const auto body = bytes_of(300'000);
        FaultServer server([&](const ServerRequest& request) { return FaultServer::file(request, body); });
        Bench bench;
        HttpRequest request;
        request.url = server.url() + "/sips";
        request.purpose = Purpose::download;
        request.subject = "a test";
        const auto handler = std::make_shared<Sipper>();
        const auto exchange = bench.client->start(request, handler);
        {
            const std::lock_guard lock(handler->mutex);
            handler->exchange = exchange.get();
        }
        std::size_t sips = 0;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                sips += handler->sip(1 + sips * 37 % 9001);
                return handler->ended.load();
            }(),
            30'000);
        QVERIFY(handler->good);
        QVERIFY(!handler->too_much);
        QVERIFY(handler->text == *body);
        QVERIFY(sips > 10);
    }

    void an_answer_whole_and_in_the_ledger() {
        std::string encoding, agent, own;
        const auto body = bytes_of(100'000);
        FaultServer server([&](const ServerRequest& request) {
            encoding = request.header("accept-encoding");
            agent = request.header("user-agent");
            own = request.header("x-own");
            return FaultServer::file(request, body, "\"v1\"");
        });
        Bench bench;
        const auto answer = bench.get(server.url() + "/a?b=c", {{"X-Own", "yes"}});
        QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().message().c_str());
        QCOMPARE(answer->body.size(), body->size());
        QVERIFY(answer->body == *body);
        QCOMPARE(answer->head.status, 200);
        QCOMPARE(answer->head.header("etag"), std::string_view("\"v1\""));
        QCOMPARE(answer->head.url, server.url() + "/a?b=c");
        QCOMPARE(encoding, std::string("identity"));
        QCOMPARE(agent, std::string("Pellucid"));
        QCOMPARE(own, std::string("yes"));
        const auto entries = bench.ledger.entries();
        QCOMPARE(entries.size(), std::size_t{1});
        QCOMPARE(entries[0].host, std::string("127.0.0.1"));
        QCOMPARE(entries[0].port, server.port());
        QCOMPARE(entries[0].subject, std::string("a test"));
        QCOMPARE(entries[0].status, 200);
        QVERIFY(entries[0].bytes_received > body->size() && entries[0].bytes_received < body->size() + 1000);
        QVERIFY(entries[0].bytes_sent > 50);
        QVERIFY(entries[0].closed_at_ms >= entries[0].opened_at_ms);
        QVERIFY(!entries[0].failure);
        // The connection is used again.
        for (int i = 0; i < 5; ++i) QVERIFY(bench.get(server.url()).ok());
        QCOMPARE(server.connections(), 1);
    }

    void a_range() {
        const auto body = bytes_of(5000);
        FaultServer server([&](const ServerRequest& request) { return FaultServer::file(request, body); });
        Bench bench;
        HttpRequest request;
        request.url = server.url();
        request.range = ByteRange{1000, 1999};
        const auto answer = fetch(*bench.client, request, 1000, {});
        QVERIFY(answer.ok());
        QCOMPARE(answer->head.status, 206);
        QVERIFY(answer->body == body->substr(1000, 1000));
    }

    void who_cannot_prove_its_name_is_not_talked_to() {
        int asked = 0;
        const auto answer = [&](const ServerRequest&) {
            ++asked;
            return ServerReply();
        };
        Bench bench;
        {
            FaultServer::Options options;
            options.stranger = true;
            FaultServer server(answer, options);
            const auto refused = bench.get(server.url());
            REFUSED(refused, ErrorCode::tls);
            QVERIFY2(refused.error().what.find("Corporate Inspection CA") != std::string::npos,
                     refused.error().what.c_str());
            QVERIFY(refused.error().hint.find("proxy") != std::string::npos);
            QVERIFY(bench.ledger.entries().at(0).failure == ErrorCode::tls);
        }
        {
            FaultServer::Options options;
            options.expired = true;
            FaultServer server(answer, options);
            const auto refused = bench.get(server.url());
            REFUSED(refused, ErrorCode::tls);
            QVERIFY2(refused.error().what.find("expired") != std::string::npos, refused.error().what.c_str());
        }
        {
            FaultServer::Options options;
            options.host = "elsewhere.example";
            FaultServer server(answer, options);
            REFUSED(bench.get("https://127.0.0.1:" + std::to_string(server.port())), ErrorCode::tls);
        }
        {
            FaultServer server(answer);
            Bench without(60'000, false);
            REFUSED(without.get(server.url()), ErrorCode::tls);
            QVERIFY(bench.get(server.url()).ok());
            QCOMPARE(asked, 1);
        }
    }

    void redirects() {
        std::string there_token, here_token;
        FaultServer there([&](const ServerRequest& request) {
            there_token = request.header("authorization");
            ServerReply reply;
            reply.body = std::make_shared<std::string>("there");
            return reply;
        });
        FaultServer::Options no_tls;
        no_tls.tls = false;
        FaultServer plain([](const ServerRequest&) { return ServerReply(); }, no_tls);
        FaultServer here([&](const ServerRequest& request) {
            if (request.target == "/away") return FaultServer::redirect(302, there.url() + "/x");
            if (request.target == "/down") return FaultServer::redirect(301, plain.url());
            if (request.target == "/circle") return FaultServer::redirect(307, "/circle");
            if (request.target == "/file") return FaultServer::redirect(302, "file:///etc/passwd");
            if (request.target == "/bad") return FaultServer::redirect(302, "http://");
            if (request.target == "/big") {
                auto reply = FaultServer::redirect(302, "/end");
                reply.body = bytes_of(1'000'000);
                return reply;
            }
            if (request.target == "/a/relative") return FaultServer::redirect(308, "../end");
            here_token = request.header("authorization");
            ServerReply reply;
            reply.body = std::make_shared<std::string>("end");
            return reply;
        });
        Bench bench;
        const std::vector<std::pair<std::string, std::string>> token = {{"Authorization", "Bearer secret"}};
        auto answer = bench.get(here.url() + "/a/relative", token);
        QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().message().c_str());
        QCOMPARE(answer->head.url, here.url() + "/end");
        QCOMPARE(here_token, std::string("Bearer secret"));
        answer = bench.get(here.url() + "/away", token);
        QVERIFY(answer.ok());
        QCOMPARE(answer->body, std::string("there"));
        QCOMPARE(there_token, std::string());
        // Each address it went to is an entry.
        QCOMPARE(bench.ledger.entries().size(), std::size_t{4});
        QCOMPARE(bench.ledger.entries()[2].status, 302);
        QCOMPARE(bench.ledger.entries()[3].port, there.port());
        QVERIFY(bench.get(here.url() + "/big").ok());
        REFUSED(bench.get(here.url() + "/down"), ErrorCode::http_status);
        QCOMPARE(plain.requests(), 0);
        REFUSED(bench.get(here.url() + "/circle"), ErrorCode::http_status);
        REFUSED(bench.get(here.url() + "/file"), ErrorCode::http_status);
        REFUSED(bench.get(here.url() + "/bad"), ErrorCode::http_status);
    }

    void what_fetch_refuses() {
        FaultServer server([&](const ServerRequest& request) {
            ServerReply reply;
            if (request.target == "/404") reply.status = 404;
            if (request.target == "/429") {
                reply.status = 429;
                reply.headers = {{"Retry-After", "17"}};
            }
            if (request.target == "/gzip") reply.headers = {{"Content-Encoding", "gzip"}};
            if (request.target == "/large") reply.body = bytes_of(1001);
            return reply;
        });
        Bench bench;
        REFUSED(bench.get(server.url() + "/404"), ErrorCode::http_status);
        const auto busy = bench.get(server.url() + "/429");
        REFUSED(busy, ErrorCode::http_status);
        QVERIFY(busy.error().hint.find("17") != std::string::npos);
        REFUSED(bench.get(server.url() + "/gzip"), ErrorCode::unsupported);
        HttpRequest request;
        request.url = server.url() + "/large";
        REFUSED(fetch(*bench.client, request, 1000, {}), ErrorCode::too_large);
        QVERIFY(fetch(*bench.client, request, 1001, {}).ok());
        request.url = server.url() + "/404";
        const auto any = fetch_any_status(*bench.client, request, 1000, {});
        QVERIFY(any.ok());
        QCOMPARE(any->head.status, 404);
        for (const char* bad :
             {"", "ftp://a/b", "file:///etc/passwd", "https://", "not an address", "http://a b/"})
            REFUSED(bench.get(bad), ErrorCode::invalid_argument);
        REFUSED(bench.get(server.url(), {{"X", "a\r\nEvil: b"}}), ErrorCode::invalid_argument);
        CancelToken cancel;
        cancel.cancel();
        request.url = server.url();
        REFUSED(fetch(*bench.client, request, 10, cancel), ErrorCode::cancelled);
    }

    void who_is_not_there() {
        Bench bench(1000);
        int port;
        {
            FaultServer gone([](const ServerRequest&) { return ServerReply(); });
            port = gone.port();
        }
        REFUSED(bench.get("https://127.0.0.1:" + std::to_string(port)), ErrorCode::refused);
        // A label of more than 63 letters cannot be a name: no server is asked for it.
        REFUSED(bench.get("https://" + std::string(70, 'a') + ".example/"), ErrorCode::dns);
        FaultServer silent([](const ServerRequest&) {
            ServerReply reply;
            reply.delay_ms = 60'000;
            return reply;
        });
        REFUSED(bench.get(silent.url()), ErrorCode::timed_out);
    }

    void every_way_to_break_off_is_noticed() {
        const auto body = bytes_of(100'000);
        std::atomic<int> reset_handshakes = 0;
        FaultServer::Options options;
        options.reset_handshakes = &reset_handshakes;
        ServerReply reply;
        FaultServer server([&](const ServerRequest&) { return reply; }, options);
        Bench bench;
        for (const bool reset : {false, true}) {
            for (const std::uint64_t head : {0, 1, 8, 16, 17, 18, 30}) {
                reply = {};
                reply.cut_head = head;
                reply.reset = reset;
                // Of a head that is cut nobody can say whether it was to be HTTP.
                const auto refused = bench.get(server.url());
                if (head > 0 && !refused.ok() && refused.error().code == ErrorCode::http_status) continue;
                REFUSED(refused, ErrorCode::connection_lost);
            }
            for (const std::uint64_t cut : {0u, 1u, 16383u, 16384u, 65536u, 99'999u}) {
                for (const bool chunked : {false, true}) {
                    reply = {};
                    reply.body = body;
                    reply.cut_body = cut;
                    reply.reset = reset;
                    reply.chunked = chunked;
                    REFUSED(bench.get(server.url()), ErrorCode::connection_lost);
                }
            }
            reply = {};
            reply.body = body;
            reply.chunked = reply.bad_chunk = true;
            reply.reset = reset;
            REFUSED(bench.get(server.url()), ErrorCode::connection_lost);
        }
        reset_handshakes = 1;
        reply = {};
        bench.client.reset();
        Bench fresh;
        const auto refused = fresh.get(server.url());
        QVERIFY(!refused.ok());
        // The reset may come before connect() has returned.
        if (refused.error().code != ErrorCode::refused) REFUSED(refused, ErrorCode::connection_lost);
        QVERIFY(fresh.get(server.url()).ok());
    }

    void the_offline_switch_is_the_choke_point() {
        FaultServer server([&](const ServerRequest&) {
            ServerReply reply;
            reply.body = bytes_of(1'000'000);
            reply.stall_body = 1000;
            return reply;
        });
        Bench bench;
        bench.offline.set(true);
        REFUSED(bench.get(server.url()), ErrorCode::offline);
        QCOMPARE(server.connections(), 0);
        QVERIFY(bench.ledger.entries().at(0).failure == ErrorCode::offline);
        QCOMPARE(bench.ledger.entries().at(0).bytes_sent, std::uint64_t{0});
        // Turned on in the middle, it ends what runs.
        bench.offline.set(false);
        const auto probe = std::make_shared<Probe>();
        HttpRequest request;
        request.url = server.url();
        const auto exchange = bench.client->start(request, probe);
        QTRY_COMPARE(probe->got.load(), std::uint64_t{1000});
        bench.offline.set(true);
        QTRY_VERIFY(probe->ended);
        QVERIFY(probe->code == ErrorCode::offline);
        QCOMPARE(probe->ends.load(), 1);
    }

    void pausing_stops_the_bytes() {
        const auto body = bytes_of(8 << 20);
        FaultServer server([&](const ServerRequest& request) { return FaultServer::file(request, body); });
        Bench bench;
        const auto probe = std::make_shared<Probe>();
        std::atomic<HttpExchange*> known = nullptr;
        std::atomic<bool> paused = false;
        probe->on_bytes = [&] {
            while (known == nullptr) std::this_thread::yield();
            if (!paused.exchange(true)) known.load()->pause();
            return true;
        };
        HttpRequest request;
        request.url = server.url();
        const auto exchange = bench.client->start(request, probe);
        known = exchange.get();
        QTRY_VERIFY(paused);
        const auto before = probe->got.load();
        // Time enough for all of it to come if it could.
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        QCOMPARE(probe->got.load(), before);
        QVERIFY(!probe->ended);
        exchange->resume();
        QTRY_VERIFY(probe->ended);
        QCOMPARE(probe->got.load(), std::uint64_t{body->size()});
    }

    void an_end_comes_once_however_it_is_stopped() {
        const auto body = bytes_of(1 << 20);
        FaultServer server([&](const ServerRequest& request) { return FaultServer::file(request, body); });
        Bench bench;
        HttpRequest request;
        request.url = server.url();
        const auto stopped = std::make_shared<Probe>();
        stopped->on_bytes = [] { return false; };
        auto exchange = bench.client->start(request, stopped);
        QTRY_VERIFY(stopped->ended);
        QVERIFY(stopped->code == ErrorCode::cancelled);
        exchange.reset();
        QCOMPARE(stopped->ends.load(), 1);
        // Destroyed under way: when that returns nothing comes any more.
        for (int i = 0; i < 50; ++i) {
            const auto probe = std::make_shared<Probe>();
            auto running = bench.client->start(request, probe);
            if (i % 2 != 0) std::this_thread::sleep_for(std::chrono::microseconds(100 * i));
            running.reset();
            QCOMPARE(probe->ends.load(), 1);
        }
        // The client goes first.
        const auto last = std::make_shared<Probe>();
        exchange = bench.client->start(request, last);
        bench.client.reset();
        QCOMPARE(last->ends.load(), 1);
        exchange.reset();
    }
};

QTEST_GUILESS_MAIN(TestNetworkClient)
#include "test_network_client.moc"
