// The whole app on its real services: a hub on loopback, real downloads, a database, the engine.
#pragma once

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/digest/sha256.h"
#include "app/models/storage_model_library.h"
#include "app/services/model_services.h"
#include "app/settings/storage_setting_store.h"
#include "app/shell/workspace.h"
#include "app/store/storage_store.h"
#include "engine/runtime/local_engine.h"
#include "tests/app/network/kit/fault_server.h"

namespace pellucid::app {

inline constexpr int kPatience = 60000;  // milliseconds; a busy machine needs them

inline std::vector<DeviceFactory> cpuOnly() {
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory& device) { return device.id != "cpu"; });
    return devices;
}

/// As Hugging Face answers: one repository of one file.
struct Hub {
    std::shared_ptr<const std::string> body;
    std::string digest;
    std::atomic<bool> broken = false, withoutFiles = false;
    mutable std::atomic<bool> sawToken = false;
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
        if (!request.header("authorization").empty()) sawToken = true;
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
        } else if (request.target.find("/resolve/") != std::string::npos && !withoutFiles) {
            return test::FaultServer::file(request, body, "\"tiny\"");
        } else {
            reply.status = 404;
        }
        return reply;
    }
};

struct Bench {
    QTemporaryDir ownFolder;
    const QString folder;
    LocalEngine engine{cpuOnly()};
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<StorageStore> chats;
    std::unique_ptr<StorageSettingStore> settings;
    std::unique_ptr<StorageModelLibrary> library;
    std::unique_ptr<ModelServices> services;
    std::unique_ptr<Workspace> workspace;

    /// `kept`: the data folder of an earlier bench, which is gone by now.
    explicit Bench(const Hub& hub, const QString& kept = {})
        : folder(kept.isEmpty() ? ownFolder.path() : kept) {
        storage::DatabaseOptions options;
        options.path = (folder + "/pellucid.db").toStdString();
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        if (!opened) qFatal("%s", opened.error().message().c_str());
        store = *std::move(opened);
        chats = std::make_unique<StorageStore>(*store);
        settings = std::make_unique<StorageSettingStore>(*store);
        library = std::make_unique<StorageModelLibrary>(*store);
        services = std::make_unique<ModelServices>(*store, *settings, folder, cpuOnly());
        Workspace::Options work;
        work.dataFolder = folder;
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
        (void)store->flush();
    }
    /// A model's row; nothing: there is none.
    std::optional<storage::ModelRecord> record(const QString& path) {
        const auto found = store->models().find_by_path(path.toStdString());
        return found ? *found : std::nullopt;
    }
    /// Searches, opens and fetches the hub's model. The path that it then has.
    QString fetch() {
        workspace->discover().setText("tiny");
        ModelDetail& detail = workspace->detail();
        QSignalSpy ended(workspace.get(), &Workspace::downloadEnded);
        const bool found =
            QTest::qWaitFor([&] { return row("name") == QLatin1String("Tiny-GGUF"); }, kPatience);
        detail.show("huggingface:somebody/Tiny-GGUF");
        if (!found || !QTest::qWaitFor([&] { return !detail.busy() && detail.planned(); }, kPatience))
            return {};
        detail.download();
        if (!QTest::qWaitFor([&] { return ended.count() > 0; }, kPatience)) return {};
        return folder + "/models/Tiny-F32.gguf";
    }
    QString row(const char* role) {
        DiscoverModel& model = workspace->discover();
        return model.data(model.index(0), model.roleNames().key(role)).toString();
    }
};

inline std::string fixture() {
    QFile file(QStringLiteral(PELLUCID_FIXTURES "/architectures/llama.gguf"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

}  // namespace pellucid::app
