// The models' controller on a real database and a scripted engine, without a window.
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <fstream>

#include "app/models/model_controller.h"
#include "app/models/storage_model_library.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"
#include "app/settings/storage_setting_store.h"
#include "app/shell/system_info.h"
#include "app/shell/toast_queue.h"
#include "app/threads/work_thread.h"
#include "engine/runtime/mock_engine.h"

namespace pellucid::app {

/// Counts how often a file is looked at.
class CountingEngine final : public Engine {
public:
    explicit CountingEngine(Engine& engine) : engine_(engine) {}
    Result<MemoryPlan> plan(const std::string& path, const ModelOptions& options) override {
        return engine_.plan(path, options);
    }
    Result<ModelInfo> inspect(const std::string& path) override {
        ++inspected;
        return engine_.inspect(path);
    }
    Result<std::shared_ptr<Model>> open(const std::string& path, const ModelOptions& options,
                                        LoadProgress progress, CancelToken cancel) override {
        return engine_.open(path, options, std::move(progress), std::move(cancel));
    }
    std::vector<Device> devices() override { return engine_.devices(); }

    std::atomic<int> inspected = 0;

private:
    Engine& engine_;
};

inline MockScript anyModel() {
    MockScript script;
    MockModelScript model = mock_model();
    model.info.path.clear();  // answers any path
    model.load_seconds = 0;
    script.models.push_back(std::move(model));
    script.devices.push_back({"cpu", "Mock CPU", 8ull << 30, 8ull << 30});
    return script;
}

struct ModelBench {
    explicit ModelBench(const QString& folder) : mock(anyModel()), engine(mock) {
        storage::DatabaseOptions options;
        options.path = (folder + "/pellucid.db").toStdString();
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        if (!opened) qFatal("%s", opened.error().message().c_str());
        store = *std::move(opened);
        settingStore = std::make_unique<StorageSettingStore>(*store);
        library = std::make_unique<StorageModelLibrary>(*store);
        settings = std::make_unique<SettingsBackend>(*settingStore, folder);
        modelSettings = std::make_unique<ModelSettingsBackend>(*settingStore);
        system = std::make_unique<SystemInfo>(folder);
        thread = std::make_unique<WorkThread>(QStringLiteral("engine"));
        models = std::make_unique<ModelController>(engine, *thread, *library, *modelSettings, *settings,
                                                   *system, toasts, QStringList());
    }
    ~ModelBench() {
        models.reset();
        thread.reset();
        (void)store->flush();
    }
    bool start() {
        bool listed = false;
        models->start([&] { listed = true; });
        return QTest::qWaitFor([&] { return listed; }, 30000);
    }
    bool ready(const QString& id) {
        models->select(id);
        return QTest::qWaitFor([&] { return models->state() == ModelController::Ready; }, 20000);
    }

    MockEngine mock;
    CountingEngine engine;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<StorageSettingStore> settingStore;
    std::unique_ptr<StorageModelLibrary> library;
    std::unique_ptr<SettingsBackend> settings;
    std::unique_ptr<ModelSettingsBackend> modelSettings;
    std::unique_ptr<SystemInfo> system;
    ToastQueue toasts;
    std::unique_ptr<WorkThread> thread;
    std::unique_ptr<ModelController> models;
};

/// So many files in the models folder, in the library, with what their headers say kept from an earlier look.
inline void fillLibrary(const QString& folder, int count) {
    ModelBench bench(folder);
    QDir().mkpath(folder + "/models");
    for (int i = 0; i < count; ++i) {
        const QString path =
            folder + QStringLiteral("/models/Model-%1-Instruct-Q4_K_M.gguf").arg(i, 4, 10, QLatin1Char('0'));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("%s", qPrintable(file.errorString()));
        file.write("GGUF");
        file.close();
        LocalModel model;
        model.id = model.path = path;
        model.info.name = "Model";
        model.info.architecture = "llama";
        model.info.quantization = "Q4_K_M";
        model.info.parameters = 8'000'000'000;
        model.info.file_bytes = 4'900'000'000;
        model.info.vocabulary = 128'256;
        model.info.layers = 32;
        model.info.digest = std::string(32, 'd');
        bench.library->add(model);
        bench.library->keepFacts(model);
    }
    (void)bench.store->thread().flush();
}

}  // namespace pellucid::app
