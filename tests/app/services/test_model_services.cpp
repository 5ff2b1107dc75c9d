// From a search to a model in the list, through the real services: a hub on loopback, a real download, a
// database.
#include <QSignalSpy>
#include <QtTest>

#include "app/digest/sha256.h"
#include "app/models/storage_model_library.h"
#include "app/services/model_services.h"
#include "app/settings/storage_setting_store.h"
#include "app/shell/workspace.h"
#include "app/store/storage_store.h"
#include "engine/runtime/local_engine.h"
#include "tests/app/network/kit/fault_server.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

constexpr int kPatience = 60000;  // milliseconds; a busy machine needs them

std::vector<DeviceFactory> cpuOnly() {
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory& device) { return device.id != "cpu"; });
    return devices;
}

/// As Hugging Face answers: one repository of one file.
struct Hub {
    std::shared_ptr<const std::string> body;
    std::string digest;
    std::atomic<bool> broken = false;
    test::FaultServer server;

    static test::FaultServer::Options plain() {
        test::FaultServer::Options options;
        options.tls = false;
        return options;
    }
    explicit Hub(std::string bytes)
        : body(std::make_shared<const std::string>(std::move(bytes))),
          digest(digest::to_hex(digest::Sha256::of(std::as_bytes(std::span(*body))))),
          server([this](const test::ServerRequest& request) { return answer(request); }, plain()) {}

    test::ServerReply answer(const test::ServerRequest& request) const {
        const std::string about =
            "\"id\":\"somebody/Tiny-GGUF\",\"author\":\"somebody\",\"gated\":false,\"private\":false,"
            "\"downloads\":7,\"likes\":1,\"lastModified\":\"2025-01-20T00:00:00.000Z\","
            "\"tags\":[\"gguf\",\"license:mit\"],\"cardData\":{\"license\":\"mit\",\"language\":[\"en\"]}";
        test::ServerReply reply;
        if (broken) {
            reply.status = 503;
        } else if (request.target.starts_with("/api/models?")) {
            reply.body = std::make_shared<const std::string>("[{" + about + "}]");
        } else if (request.target.starts_with("/api/models/somebody/Tiny-GGUF")) {
            reply.body = std::make_shared<const std::string>(
                "{" + about +
                ",\"sha\":\"0123456789abcdef\",\"siblings\":[{\"rfilename\":\"Tiny-F32.gguf\",\"size\":" +
                std::to_string(body->size()) + ",\"lfs\":{\"size\":" + std::to_string(body->size()) +
                ",\"sha256\":\"" + digest + "\"}}]}");
        } else if (request.target.find("/resolve/") != std::string::npos) {
            return test::FaultServer::file(request, body, "\"tiny\"");
        } else {
            reply.status = 404;
        }
        return reply;
    }
};

struct Bench {
    QTemporaryDir folder;
    LocalEngine engine{cpuOnly()};
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<StorageStore> chats;
    std::unique_ptr<StorageSettingStore> settings;
    std::unique_ptr<StorageModelLibrary> library;
    std::unique_ptr<ModelServices> services;
    std::unique_ptr<Workspace> workspace;

    explicit Bench(const Hub& hub) {
        storage::DatabaseOptions options;
        options.path = (folder.path() + "/pellucid.db").toStdString();
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        if (!opened) qFatal("%s", opened.error().message().c_str());
        store = *std::move(opened);
        chats = std::make_unique<StorageStore>(*store);
        settings = std::make_unique<StorageSettingStore>(*store);
        library = std::make_unique<StorageModelLibrary>(*store);
        services = std::make_unique<ModelServices>(*store, *settings, folder.path(), cpuOnly());
        Workspace::Options work;
        work.dataFolder = folder.path();
        workspace =
            std::make_unique<Workspace>(engine, *chats, *settings, *library, services->sources(), work);
        services->attach(*workspace);
        workspace->network().setEndpoint(QString::fromStdString(hub.server.url()));
        workspace->network().setOtherEndpoint(QString::fromStdString(hub.server.url()) + "/nothing-here");
        workspace->network().setProxy(NetworkChoices::None);
        workspace->discover().setDelay(0);
        workspace->start();
    }
    ~Bench() {
        workspace.reset();
        services.reset();
        chats.reset();
    }
    QString row(const char* role) {
        DiscoverModel& model = workspace->discover();
        return model.data(model.index(0), model.roleNames().key(role)).toString();
    }
};

std::string fixture() {
    QFile file(QStringLiteral(PELLUCID_FIXTURES "/architectures/llama.gguf"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

}  // namespace

class TestModelServices : public QObject {
    Q_OBJECT

private slots:
    void theCatalogueNeedsNoNetwork() {
        Hub hub("x");
        Bench bench(hub);
        bench.workspace->discover().open();
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->discover().count() > 10, kPatience);
        QCOMPARE(hub.server.requests(), 0);
        QVERIFY(!bench.row("verdict").isEmpty());
    }

    void fromASearchToAModelThatIsLoaded() {
        Hub hub(fixture());
        QVERIFY(hub.body->size() > 1000);
        Bench bench(hub);
        bench.workspace->discover().setText("tiny");
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
        QVERIFY(!bench.workspace->discover().busy());
        ModelDetail& detail = bench.workspace->detail();
        detail.show("huggingface:somebody/Tiny-GGUF");
        QTRY_VERIFY_WITH_TIMEOUT(!detail.busy() && detail.planned(), kPatience);
        QCOMPARE(detail.problemWhat(), QString());
        QCOMPARE(detail.quantizations(), QStringList("F32"));
        QCOMPARE(detail.verdict(), QStringLiteral("Fits in memory"));
        QVERIFY(detail.system()->present() && !detail.system()->over());
        QSignalSpy ended(bench.workspace.get(), &Workspace::downloadEnded);
        detail.download();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
        QCOMPARE(ended.first().first().toString(), QStringLiteral("Tiny-GGUF, F32 is downloaded"));
        // The first model that comes is taken and loaded; its bytes are those that were published.
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->models().state(), ModelController::Ready, kPatience);
        QFile here(bench.folder.path() + "/models/Tiny-F32.gguf");
        QVERIFY(here.open(QIODevice::ReadOnly));
        QCOMPARE(here.readAll().toStdString(), *hub.body);
        QTRY_COMPARE(detail.place(), ModelDetail::Here);
        // Kept with its digest, so that it can be checked, and removed with what it frees.
        const QString path = here.fileName();
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto found = bench.store->models().find_by_path(path.toStdString());
                return found && *found && (*found)->repository == "somebody/Tiny-GGUF";
            }(),
            kPatience);
        bench.workspace->keeping().check(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->toasts().text().contains("is whole"), kPatience);
        bench.workspace->keeping().askRemoval(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->keeping().removalErases(), kPatience);
        bench.workspace->keeping().remove();
        QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(path), kPatience);
        // Every connection is in the list, each with what it was for.
        NetworkLedgerModel* ledger = bench.workspace->network().ledger();
        QTRY_VERIFY_WITH_TIMEOUT((ledger->setActive(false), ledger->setActive(true), ledger->count() >= 3),
                                 kPatience);
        QSet<QString> purposes;
        for (int row = 0; row < ledger->count(); ++row)
            purposes.insert(ledger->data(ledger->index(row), NetworkLedgerModel::PurposeRole).toString());
        QVERIFY(purposes.contains("Search") && purposes.contains("Download"));
    }

    void offlineNothingIsAsked() {
        Hub hub("x");
        Bench bench(hub);
        bench.workspace->network().setOffline(true);
        bench.workspace->discover().setText("tiny");
        QTRY_VERIFY_WITH_TIMEOUT(!bench.workspace->discover().problemWhat().isEmpty(), kPatience);
        QCOMPARE(hub.server.requests(), 0);
        bench.workspace->network().setOffline(false);
        bench.workspace->discover().again();
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
    }
};

QTEST_MAIN(TestModelServices)
#include "test_model_services.moc"
