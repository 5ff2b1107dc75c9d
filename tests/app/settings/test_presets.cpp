// Named settings and adapters of a model: kept with it, chosen, and what the next reply is asked with.
#include <QSignalSpy>
#include <QtTest>

#include "app/settings/model_settings_backend.h"
#include "tests/app/bench.h"
#include "tests/app/models/model_bench.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

/// What replies were asked with, and what models were opened with.
struct Record {
    std::mutex mutex;
    std::vector<Request> requests;
    std::vector<ModelOptions> opened;
    std::vector<AdapterStrength> refused;  // adapters that "were made for another model"

    std::optional<Request> last() {
        const std::lock_guard lock(mutex);
        return requests.empty() ? std::nullopt : std::optional(requests.back());
    }
};

class RecordingSession final : public Session {
public:
    RecordingSession(std::unique_ptr<Session> session, Record& record)
        : session_(std::move(session)), record_(record) {}
    Result<Ledger> plan(const Request& request) override {
        if (request.adapters)
            for (const AdapterStrength& adapter : *request.adapters)
                for (const AdapterStrength& refused : record_.refused)
                    if (adapter.path == refused.path)
                        return fail(ErrorCode::unsupported, adapter.path + " is for another model", "no");
        return session_->plan(request);
    }
    Result<std::shared_ptr<Reply>> generate(const Request& request) override {
        {
            const std::lock_guard lock(record_.mutex);
            record_.requests.push_back(request);
        }
        return session_->generate(request);
    }
    const Capabilities& capabilities() const override { return session_->capabilities(); }

private:
    const std::unique_ptr<Session> session_;
    Record& record_;
};

class RecordingModel final : public Model {
public:
    RecordingModel(std::shared_ptr<Model> model, Record& record)
        : model_(std::move(model)), record_(record) {}
    const ModelInfo& info() const override { return model_->info(); }
    const ModelOptions& options() const override { return model_->options(); }
    const MemoryPlan& memory() const override { return model_->memory(); }
    const Capabilities& capabilities() const override { return model_->capabilities(); }
    const Tokenizer* tokenizer() const override { return model_->tokenizer(); }
    Result<std::unique_ptr<Session>> new_session() override {
        PELLUCID_TRY(auto session, model_->new_session());
        return std::unique_ptr<Session>(new RecordingSession(std::move(session), record_));
    }

private:
    const std::shared_ptr<Model> model_;
    Record& record_;
};

class RecordingEngine final : public Engine {
public:
    RecordingEngine(Engine& engine, Record& record) : engine_(engine), record_(record) {}
    Result<MemoryPlan> plan(const std::string& path, const ModelOptions& options) override {
        for (const AdapterStrength& adapter : options.adapters)
            if (!QFile::exists(QString::fromStdString(adapter.path)))
                return fail(ErrorCode::not_found, adapter.path + " is missing", "look for it");
        return engine_.plan(path, options);
    }
    Result<ModelInfo> inspect(const std::string& path) override { return engine_.inspect(path); }
    Result<std::shared_ptr<Model>> open(const std::string& path, const ModelOptions& options,
                                        LoadProgress progress, CancelToken cancel) override {
        PELLUCID_TRY(auto model, engine_.open(path, options, std::move(progress), std::move(cancel)));
        const std::lock_guard lock(record_.mutex);
        record_.opened.push_back(options);
        return std::shared_ptr<Model>(std::make_shared<RecordingModel>(std::move(model), record_));
    }
    std::vector<Device> devices() override { return engine_.devices(); }

private:
    Engine& engine_;
    Record& record_;
};

/// A whole app on the recording engine.
struct ChatBench {
    ChatBench() : mock(script({say("", "fine"), say("", "fine"), say("", "fine"), say("", "fine")})) {
        Workspace::Options options;
        options.dataFolder = folder.path();
        workspace = std::make_unique<Workspace>(engine, chats, settings, library, sources.all(), options);
        workspace->start();
        workspace->models().addFile(QUrl::fromLocalFile(file("model.gguf")));
        const bool ready =
            QTest::qWaitFor([this] { return workspace->models().state() == ModelController::Ready; }, 20000);
        if (!ready) qFatal("the model is not ready");
    }
    QString file(const char* name) {
        QFile made(folder.filePath(QString::fromLatin1(name)));
        if (!made.open(QIODevice::WriteOnly)) qFatal("%s", qPrintable(made.errorString()));
        return made.fileName();
    }
    std::optional<Request> ask() {
        if (!workspace->chat().sendText("Hello")) return std::nullopt;
        if (!QTest::qWaitFor([this] { return !workspace->chat().busy(); }, 20000)) return std::nullopt;
        return record.last();
    }
    ModelSettingsBackend& of() { return workspace->modelSettings(); }

    QTemporaryDir folder;
    Record record;
    MockEngine mock;
    RecordingEngine engine{mock, record};
    MemoryStore chats;
    MemorySettingStore settings;
    MemoryModelLibrary library;
    ScriptedSources sources;
    std::unique_ptr<Workspace> workspace;
};

QStringList pathsOf(const std::optional<std::vector<AdapterStrength>>& adapters) {
    QStringList paths;
    if (adapters)
        for (const AdapterStrength& one : *adapters)
            paths.append(QFileInfo(QString::fromStdString(one.path)).fileName() + u'*' +
                         QString::number(static_cast<double>(one.strength)));
    return paths;
}

}  // namespace

class TestPresets : public QObject {
    Q_OBJECT

private slots:
    void a_preset_holds_what_was_changed_and_brings_it_back() {
        MemorySettingStore store;
        ModelSettingsBackend settings(store);
        PresetList& presets = *settings.presets();
        QVERIFY(!presets.save("Writing"));  // of no model
        settings.setModel("/m/a.gguf", "A", {}, {});
        QVERIFY(!presets.save("  "));
        settings.setTemperature(1.2);
        settings.setSystemPrompt("Write well.");
        settings.setThreads(1);
        QVERIFY(presets.save(" Writing "));
        QCOMPARE(presets.names(), QStringList("Writing"));
        QCOMPARE(presets.current(), QString("Writing"));
        QVERIFY(!presets.modified());
        settings.setTopK(7);
        QVERIFY(presets.modified());
        // Another; what the first does not name is the model's own again, but for memory and device.
        presets.choose({});
        QCOMPARE(presets.current(), QString());
        QCOMPARE(settings.changedKeys(), QStringList("threads"));
        settings.setTemperature(0.1);
        QVERIFY(presets.save("Code, strict"));
        QCOMPARE(presets.names(), QStringList({"Code, strict", "Writing"}));
        QSignalSpy changed(&presets, &PresetList::changed);
        presets.choose("Writing");
        QVERIFY(changed.count() > 0);
        QCOMPARE(settings.temperature(), 1.2);
        QCOMPARE(settings.systemPrompt(), QString("Write well."));
        QCOMPARE(settings.topK(), settings.defaults()["topK"].toInt());
        QCOMPARE(settings.threads(), 1);
        presets.choose("no such");
        QCOMPARE(presets.current(), QString("Writing"));
        // Names.
        QVERIFY(!presets.rename("Writing", "Code, strict"));
        QVERIFY(!presets.rename("Writing", ""));
        QVERIFY(!presets.rename("no such", "New"));
        QVERIFY(presets.rename("Writing", "Prose"));
        QCOMPARE(presets.current(), QString("Prose"));
        // The other model has none.
        settings.setModel("/m/b.gguf", "B", {}, {});
        QCOMPARE(presets.names(), QStringList());
        QCOMPARE(presets.current(), QString());
        settings.setModel("/m/a.gguf", "A", {}, {});
        QCOMPARE(presets.current(), QString("Prose"));
        presets.remove("Prose");
        QCOMPARE(presets.current(), QString());
        QCOMPARE(settings.temperature(), 1.2);
        QCOMPARE(presets.names(), QStringList("Code, strict"));
    }

    void adapters_are_bounded_and_in_order() {
        MemorySettingStore store;
        ModelSettingsBackend settings(store);
        AdapterList& adapters = *settings.adapters();
        adapters.add("/m/early.gguf");  // of no model
        QCOMPARE(adapters.count(), 0);
        settings.setModel("/m/a.gguf", "A", {}, {});
        QSignalSpy planned(&settings, &ModelSettingsBackend::planChanged);
        adapters.add("/m/style.gguf");
        adapters.add("/m/style.gguf");
        adapters.add("/m/terse");
        QCOMPARE(adapters.count(), 2);
        QCOMPARE(planned.count(), 2);
        adapters.setStrength(0, 9);
        adapters.setStrength(7, 1);
        adapters.setUsed(1, false);
        const auto at = [&](int row, int role) { return adapters.data(adapters.index(row), role); };
        QCOMPARE(at(0, AdapterList::NameRole).toString(), QString("style"));
        QCOMPARE(at(1, AdapterList::NameRole).toString(), QString("terse"));
        QCOMPARE(at(0, AdapterList::StrengthRole).toDouble(), 2.0);
        QVERIFY(at(0, AdapterList::MissingRole).toBool());
        QCOMPARE(pathsOf(settings.options().adapters), QStringList("style.gguf*2"));
        QVERIFY(!settings.reloadNeeded());
        settings.setModel("/m/b.gguf", "B", {}, {});
        QCOMPARE(adapters.count(), 0);
        settings.setModel("/m/a.gguf", "A", {}, {});
        QCOMPARE(adapters.count(), 2);
        adapters.remove(0);
        adapters.setUsed(0, true);
        QCOMPARE(pathsOf(settings.options().adapters), QStringList("terse*1"));
    }

    void both_are_kept_with_the_model() {
        QTemporaryDir folder;
        const QString path = folder.path() + "/models/new.gguf";
        {
            ModelBench bench(folder.path());
            ModelSettingsBackend& settings = *bench.modelSettings;
            settings.setModel(path, "New", {}, {});
            settings.setTemperature(0.3);
            QVERIFY(settings.presets()->save("Calm"));
            QVERIFY(settings.presets()->save("Gone"));
            settings.presets()->remove("Gone");
            settings.presets()->choose("Calm");
            settings.adapters()->add("/m/style.gguf");
            settings.adapters()->setStrength(0, 0.5);
            // Seen before it has reached the disk.
            settings.setModel({}, {}, {}, {});
            settings.setModel(path, "New", {}, {});
            QCOMPARE(settings.presets()->names(), QStringList("Calm"));
            QCOMPARE(settings.adapters()->count(), 1);
        }
        ModelBench bench(folder.path());
        const auto model = bench.store->models().find_by_path(path.toStdString());
        QVERIFY(model && *model);
        const auto rows = bench.store->model_presets().list((*model)->id);
        QVERIFY(rows && rows->size() == 1 && rows->front().name == "Calm");
        ModelSettingsBackend& settings = *bench.modelSettings;
        settings.setModel(path, "New", {}, {});
        QCOMPARE(settings.presets()->current(), QString("Calm"));
        QVERIFY(!settings.presets()->modified());
        QCOMPARE(settings.temperature(), 0.3);
        QCOMPARE(pathsOf(settings.options().adapters), QStringList("style.gguf*0.5"));
    }

    void the_next_reply_follows_the_preset_and_the_adapters() {
        ChatBench bench;
        bench.of().setTemperature(0.25);
        bench.of().setSystemPrompt("Be calm.");
        QVERIFY(bench.of().presets()->save("Calm"));
        bench.of().presets()->choose({});
        auto request = bench.ask();
        QVERIFY(request);
        QVERIFY(request->sampling.temperature != 0.25f);
        QVERIFY(request->adapters && request->adapters->empty());
        bench.of().presets()->choose("Calm");
        bench.workspace->chat().showNew();
        request = bench.ask();
        QVERIFY(request);
        QCOMPARE(request->sampling.temperature, 0.25f);
        const auto& messages = std::get<Conversation>(request->input).messages;
        QCOMPARE(messages.front().content, std::string("Be calm."));
        // An adapter is added, made weaker, taken out: without another load.
        bench.workspace->models().addAdapter(QUrl::fromLocalFile(bench.file("style.gguf")));
        QTRY_COMPARE(bench.of().adapters()->count(), 1);
        bench.of().adapters()->setStrength(0, 0.5);
        request = bench.ask();
        QVERIFY(request);
        QCOMPARE(pathsOf(request->adapters), QStringList("style.gguf*0.5"));
        bench.of().adapters()->setUsed(0, false);
        request = bench.ask();
        QVERIFY(request);
        QCOMPARE(pathsOf(request->adapters), QStringList());
        QCOMPARE(bench.record.opened.size(), std::size_t(1));
        // Loaded again, the model is opened with what is used.
        bench.of().adapters()->setUsed(0, true);
        bench.workspace->models().reload();
        QTRY_COMPARE(bench.workspace->models().state(), ModelController::Ready);
        QCOMPARE(pathsOf(bench.record.opened.back().adapters), QStringList("style.gguf*0.5"));
    }

    void an_adapter_that_does_not_fit_is_refused_in_words() {
        ChatBench bench;
        bench.workspace->models().addAdapter(QUrl::fromLocalFile(bench.folder.filePath("missing.gguf")));
        QTRY_VERIFY(bench.workspace->toasts().text().contains("is missing"));
        bench.workspace->toasts().dismiss();
        const QString other = bench.file("other.gguf");
        bench.record.refused = {{other.toStdString(), 1}};
        bench.workspace->models().addAdapter(QUrl::fromLocalFile(other));
        QTRY_VERIFY(bench.workspace->toasts().text().contains("is for another model"));
        QCOMPARE(bench.of().adapters()->count(), 0);
    }
};

QTEST_MAIN(TestPresets)
#include "test_presets.moc"
