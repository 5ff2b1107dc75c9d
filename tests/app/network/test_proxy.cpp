// Which proxy an address goes through, and that requests really take it.
#include <QtTest>
#include <map>

#include "app/network/curl_client.h"
#include "tests/app/network/kit/fault_server.h"

using namespace pellucid;
using namespace pellucid::network;
using pellucid::test::FaultServer;
using pellucid::test::ServerReply;
using pellucid::test::ServerRequest;

class TestProxy : public QObject {
    Q_OBJECT

private slots:
    void the_list_of_hosts_without_a_proxy_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("list");
        QTest::addColumn<bool>("straight");
        QTest::newRow("nothing") << "example.com"
                                 << "" << false;
        QTest::newRow("itself") << "example.com"
                                << "example.com" << true;
        QTest::newRow("capitals") << "Example.COM"
                                  << "example.com" << true;
        QTest::newRow("below") << "a.b.example.com"
                               << "other.org, example.com" << true;
        QTest::newRow("dot") << "a.example.com"
                             << ".example.com" << true;
        QTest::newRow("star and dot") << "a.example.com"
                                      << "*.example.com" << true;
        QTest::newRow("only the same end") << "notexample.com"
                                           << "example.com" << false;
        QTest::newRow("star") << "anything"
                              << "*" << true;
        QTest::newRow("spaces") << "b"
                                << "a b\tc" << true;
        QTest::newRow("empty entries") << "example.com"
                                       << ",, ;." << false;
        QTest::newRow("address") << "10.0.0.1"
                                 << "10.0.0.1" << true;
        QTest::newRow("loopback") << "127.0.0.1"
                                  << "" << true;
        QTest::newRow("localhost") << "localhost"
                                   << "" << true;
        QTest::newRow("loopback 6") << "[::1]"
                                    << "" << true;
    }
    void the_list_of_hosts_without_a_proxy() {
        QFETCH(QString, host);
        QFETCH(QString, list);
        QFETCH(bool, straight);
        QCOMPARE(bypasses(host.toStdString(), list.toStdString()), straight);
    }

    void modes() {
        const std::map<std::string, std::string> variables = {
            {"https_proxy", "http://s:1"}, {"http_proxy", "http://p:2"}, {"no_proxy", "inside.example"}};
        const Environment environment = [&](const char* name) {
            const auto at = variables.find(name);
            return at == variables.end() ? std::string() : at->second;
        };
        ProxySettings settings;
        QCOMPARE(proxy_for(settings, "https", "a.example", environment), std::string("http://s:1"));
        QCOMPARE(proxy_for(settings, "http", "a.example", environment), std::string("http://p:2"));
        QCOMPARE(proxy_for(settings, "https", "inside.example", environment), std::string());
        // The desktop's, where the environment is silent; never to this machine.
        settings.desktop_url = "http://d:4";
        QCOMPARE(proxy_for(settings, "https", "a.example", environment), std::string("http://s:1"));
        const Environment silent = [](const char*) { return std::string(); };
        QCOMPARE(proxy_for(settings, "https", "a.example", silent), std::string("http://d:4"));
        QCOMPARE(proxy_for(settings, "http", "localhost", silent), std::string());
        settings.mode = ProxySettings::Mode::none;
        QCOMPARE(proxy_for(settings, "https", "a.example", environment), std::string());
        settings.mode = ProxySettings::Mode::manual;
        settings.url = "socks5h://m:3";
        settings.no_proxy = "b.example";
        QCOMPARE(proxy_for(settings, "https", "a.example", environment), std::string("socks5h://m:3"));
        QCOMPARE(proxy_for(settings, "https", "b.example", environment), std::string());
    }

    void passwords_stay_out_of_what_is_shown() {
        QCOMPARE(without_password("http://me:se@cret@proxy:3128/"), std::string("http://proxy:3128/"));
        QCOMPARE(without_password("proxy:3128"), std::string("proxy:3128"));
        QCOMPARE(without_password("me:x@proxy:3128"), std::string("proxy:3128"));
        QVERIFY(check_proxy("http://proxy:3128").ok());
        QVERIFY(check_proxy("socks5h://proxy:3128").ok());
        QVERIFY(!check_proxy("").ok());
        QVERIFY(!check_proxy("ftp://proxy").ok());
        QVERIFY(!check_proxy("http://pro xy").ok());
    }

    void requests_take_the_proxy() {
        std::string target, credentials;
        FaultServer::Options plain;
        plain.tls = false;
        FaultServer proxy(
            [&](const ServerRequest& request) {
                target = request.method + " " + request.target;
                credentials = request.header("proxy-authorization");
                ServerReply reply;
                reply.status = request.method == "CONNECT" ? 403 : 200;
                reply.body = std::make_shared<std::string>("by proxy");
                return reply;
            },
            plain);
        OfflineSwitch offline;
        MemoryLedger ledger;
        CurlOptions options;
        options.proxy.mode = ProxySettings::Mode::manual;
        options.proxy.url = "http://me:secret@127.0.0.1:" + std::to_string(proxy.port());
        CurlClient client(offline, ledger, options);
        HttpRequest request;
        request.url = "http://models.example/a";
        const auto answer = fetch(client, request, 100, {});
        QVERIFY2(answer.ok(), answer.ok() ? "" : answer.error().message().c_str());
        QCOMPARE(answer->body, std::string("by proxy"));
        QCOMPARE(target, std::string("GET http://models.example/a"));
        QCOMPARE(credentials, std::string("Basic bWU6c2VjcmV0"));
        QCOMPARE(ledger.entries().at(0).host, std::string("models.example"));
        QCOMPARE(ledger.entries().at(0).proxy, "http://127.0.0.1:" + std::to_string(proxy.port()));
        // https goes through a tunnel; one that is refused is an error, never a way around the proxy.
        request.url = "https://models.example/a";
        const auto refused = fetch(client, request, 100, {});
        QVERIFY(!refused.ok());
        QCOMPARE(target, std::string("CONNECT models.example:443"));
        QVERIFY2(refused.error().message().find("secret") == std::string::npos,
                 refused.error().message().c_str());
    }
};

QTEST_GUILESS_MAIN(TestProxy)
#include "test_proxy.moc"
