// Both hubs over a real connection: against the server that the hubs' own clients pass against
// (real_clients.py).
#include <QProcess>
#include <QtTest>
#include <set>

#include "app/hub/fit.h"
#include "app/hub/hub.h"
#include "app/hub/plain_url.h"
#include "app/hub/remote_header.h"
#include "app/network/curl_client.h"

using namespace pellucid;
using namespace pellucid::hub;

class TestHubServer : public QObject {
    Q_OBJECT

    QProcess server_;
    std::string endpoint_;
    network::OfflineSwitch offline_;
    network::MemoryLedger ledger_;
    std::unique_ptr<network::CurlClient> client_;

    std::unique_ptr<Hub> hub(const char* id, const std::string& token = {}) {
        auto made = make_hub(id, *client_, {endpoint_, token});
        if (!made) qFatal("%s", made.error().message().c_str());
        return *std::move(made);
    }

private slots:
    void initTestCase() {
        server_.start("python3",
                      {QStringLiteral(PELLUCID_FIXTURES) + "/hub/hub_server.py", "--filler", "75"});
        if (!server_.waitForStarted()) QSKIP("no python3 here");
        QTRY_VERIFY_WITH_TIMEOUT(
            server_.canReadLine() || (server_.waitForReadyRead(100) && server_.canReadLine()), 60000);
        const QByteArray line = server_.readLine();
        QVERIFY2(line.startsWith("port "), line.constData());
        endpoint_ = "http://127.0.0.1:" + line.mid(5).trimmed().toStdString();
        client_ = std::make_unique<network::CurlClient>(offline_, ledger_);
    }
    void cleanupTestCase() {
        client_.reset();
        server_.closeWriteChannel();
        if (!server_.waitForFinished(10000)) server_.kill();
        server_.waitForFinished(10000);
    }

    void every_page_once_data() {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("Hugging Face") << QByteArray("hf");
        QTest::newRow("ModelScope") << QByteArray("ms");
    }
    void every_page_once() {
        QFETCH(QByteArray, id);
        const auto asked = hub(id.constData());
        Query query;
        query.text = "filler";
        query.page_size = 20;
        std::set<std::string> seen;
        int pages = 0;
        auto page = asked->search(query, {});
        for (;; page = asked->more(page->next, {})) {
            QVERIFY2(page.ok(), page.ok() ? "" : page.error().message().c_str());
            ++pages;
            for (const Listing& listing : page->listings) QVERIFY(seen.insert(listing.repository).second);
            if (page->next.empty()) break;
        }
        QCOMPARE(pages, 4);
        QCOMPARE(seen.size(), std::size_t{75});
        QCOMPARE(page->skipped, 0);
    }

    void what_a_search_tells() {
        const auto page = hub("hf")->search({"llama-tiny", {}}, {});
        QVERIFY2(page.ok(), page.ok() ? "" : page.error().message().c_str());
        QCOMPARE(page->listings.size(), std::size_t{1});
        const Listing& tiny = page->listings.front();
        QCOMPARE(tiny.licence, std::string("apache-2.0"));
        QCOMPARE(tiny.languages, (std::vector<std::string>{"en", "zh"}));
        QCOMPARE(tiny.base_models, (std::vector<std::string>{"tiny-models/Llama-Tiny"}));
        QCOMPARE(tiny.architecture, std::string("llama"));
        QCOMPARE(tiny.parameters, std::uint64_t{82000});
        QCOMPARE(tiny.downloads, std::uint64_t{900});
        const auto nothing = hub("hf")->search({"no such model anywhere", {}}, {});
        QVERIFY(nothing.ok() && nothing->listings.empty() && nothing->next.empty());
    }

    void files_header_and_fit() {
        for (const char* id : {"hf", "ms"}) {
            const auto asked = hub(id);
            const auto repository = asked->look("tiny-models/Llama-Tiny-GGUF", {}, {});
            QVERIFY2(repository.ok(), repository.ok() ? "" : repository.error().message().c_str());
            QCOMPARE(repository->variants.size(), std::size_t{2});
            QCOMPARE(repository->other_files, 2);  // README.md, mmproj
            for (const Variant& variant : repository->variants) {
                QCOMPARE(variant.files.front().sha256.size(), std::size_t{64});
                const auto remote =
                    read_remote_header(*client_, variant, asked->headers(variant.files.front().url), {});
                QVERIFY2(remote.ok(), remote.ok() ? "" : remote.error().message().c_str());
                QCOMPARE(remote->model.facts.architecture, std::string("llama"));
                QCOMPARE(std::optional(remote->file_bytes), variant.bytes());
                std::vector<DeviceFactory> devices = host_devices();
                std::erase_if(devices, [](const DeviceFactory& device) { return device.id != "cpu"; });
                const auto fits = Fit(std::move(devices), nullptr).on_devices(remote->model, {});
                QVERIFY(fits.front().verdict <= Verdict::tight);
            }
        }
    }

    void gates() {
        for (const char* id : {"hf", "ms"}) {
            const auto stranger = hub(id), guest = hub(id, "good"), other = hub(id, "new");
            const auto gated = stranger->look("tiny-models/Gated-GGUF", {}, {});
            QVERIFY(gated.ok());  // what it is anybody may know
            QVERIFY(gated->about.gate != Gate::open);
            const Variant& variant = gated->variants.front();
            for (const Hub* refused : {stranger.get(), other.get()}) {
                const auto header =
                    read_remote_header(*client_, variant, refused->headers(variant.files[0].url), {});
                QVERIFY(!header.ok());
                QCOMPARE(header.error().code, ErrorCode::not_allowed);
                QVERIFY(!header.error().hint.empty());
            }
            QVERIFY(read_remote_header(*client_, variant, guest->headers(variant.files[0].url), {}).ok());
            QVERIFY(!stranger->look("secret/Private-GGUF", {}, {}).ok());
            QVERIFY(guest->look("secret/Private-GGUF", {}, {})->about.private_repository);
            QVERIFY(!stranger->look("nobody/Nothing", {}, {}).ok());
            QCOMPARE(guest->look("nobody/Nothing", {}, {}).error().code, ErrorCode::not_found);
        }
        QVERIFY(hub("hf")->look("tiny-models/Gated-GGUF", {}, {})->about.gate == Gate::author);
        QVERIFY(hub("hf")->look("tiny-models/Terms-GGUF", {}, {})->about.gate == Gate::terms);
    }

    void repositories_of_other_things() {
        for (const char* id : {"hf", "ms"}) {
            const auto none = hub(id)->look("tiny-models/No-Files-Of-Ours", {}, {});
            QVERIFY(none.ok() && none->variants.empty());
            QCOMPARE(none->other_files, 2);
            const auto bare = hub(id)->look("tiny-models/Bare", {}, {});
            QVERIFY2(bare.ok(), bare.ok() ? "" : bare.error().message().c_str());
            QVERIFY(bare->about.licence.empty() && bare->about.downloads == 0);
            QCOMPARE(bare->variants.size(), std::size_t{1});
            const auto parts = hub(id)->look("tiny-models/Parts-GGUF", {}, {});
            QCOMPARE(parts->variants.size(), std::size_t{2});
            int complete = 0;
            for (const Variant& variant : parts->variants) complete += variant.complete();
            QCOMPARE(complete, 1);
        }
    }

    void a_plain_address_and_the_ledger() {
        const auto variant = look_at_url(
            *client_, endpoint_ + "/tiny-models/Llama-Tiny-GGUF/resolve/main/Llama-Tiny-F32.gguf", {});
        QVERIFY2(variant.ok(), variant.ok() ? "" : variant.error().message().c_str());
        QVERIFY(variant->bytes() && *variant->bytes() > 300'000);
        // Everything above is written down, and nothing else was asked.
        QVERIFY(ledger_.entries().size() > 20);
        for (const auto& entry : ledger_.entries()) QCOMPARE(entry.host, std::string("127.0.0.1"));
    }

    void offline_nothing_is_asked() {
        offline_.set(true);
        const auto page = hub("hf")->search({}, {});
        QVERIFY(!page.ok());
        QCOMPARE(page.error().code, ErrorCode::offline);
        offline_.set(false);
        QVERIFY(hub("hf")->search({}, {}).ok());
    }
};

QTEST_GUILESS_MAIN(TestHubServer)
#include "test_hub_server.moc"
