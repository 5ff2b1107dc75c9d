// A model's settings: what the file or the catalogue recommends is the default, whenever that becomes known.
#include <QSignalSpy>
#include <QtTest>

#include "app/settings/model_settings_backend.h"
#include "tests/app/bench.h"

using namespace pellucid;
using namespace pellucid::app;

class TestModelSettings : public QObject {
    Q_OBJECT

private slots:
    void a_recommendation_that_comes_late_is_the_default() {
        MemorySettingStore store;
        ModelSettingsBackend settings(store);
        settings.setModel("/m/a.gguf", "A", {}, {});
        QCOMPARE(settings.temperature(), 0.8);
        settings.setTopK(7);
        QSignalSpy changed(&settings, &ModelSettingsBackend::changed);
        ModelInfo info;
        info.recommended_sampling.temperature = 0.2f;
        info.recommended_sampling.dry_multiplier = 0.8f;
        settings.setModel("/m/a.gguf", "A", info, {});
        QVERIFY(changed.count() > 0);
        QCOMPARE(settings.temperature(), 0.2);
        QCOMPARE(settings.dryMultiplier(), 0.8);
        QCOMPARE(settings.topK(), 7);
        QCOMPARE(settings.changedKeys(), QStringList("topK"));
        QCOMPARE(settings.sampling().temperature, 0.2f);
    }

    // 0.8 is what an unknown model gets, so at first it looks unchanged; it was chosen all the same.
    void what_the_person_chose_stands() {
        MemorySettingStore store;
        ModelInfo info;
        info.recommended_sampling.temperature = 0.2f;
        {
            ModelSettingsBackend settings(store);
            settings.setModel("/m/a.gguf", "A", info, {});
            settings.setTemperature(0.8);
        }
        ModelSettingsBackend settings(store);
        settings.setModel("/m/a.gguf", "A", {}, {});
        settings.setModel("/m/a.gguf", "A", info, {});
        QCOMPARE(settings.temperature(), 0.8);
        settings.reset("temperature");
        QCOMPARE(settings.temperature(), 0.2);
    }

    void every_format_of_the_context_cache_is_offered() {
        MemorySettingStore store;
        ModelSettingsBackend settings(store);
        settings.setModel("/m/a.gguf", "A", {}, {});
        QCOMPARE(settings.kvFormats(), QStringList({"f16", "q8", "fp8", "q4", "q3"}));
        for (const QString& format : settings.kvFormats()) {
            settings.setKvFormat(format);
            QCOMPARE(settings.options().kv_format, format.toStdString());
        }
        settings.reset("kvFormat");
        settings.setKvFormat("q1");
        QCOMPARE(settings.kvFormat(), QString("f16"));
    }

    void guessing_reaches_the_engine() {
        MemorySettingStore store;
        ModelSettingsBackend settings(store);
        settings.setModel("/m/a.gguf", "A", {}, {});
        QVERIFY(!settings.options().speculation.on());
        settings.setLoaded(true, settings.options());
        settings.setGuessing(ModelSettingsBackend::FromText);
        QCOMPARE(to_string(settings.options().speculation), std::string("lookup,7"));
        QVERIFY(settings.reloadNeeded());
        QCOMPARE(settings.reloadText(), QString("Guessing ahead needs a reload."));
        // By a smaller model: none to choose from is no speculation, not an error.
        settings.setGuessing(ModelSettingsBackend::BySmallerModel);
        QVERIFY(!settings.options().speculation.on());
        settings.reset("guessing");
        QVERIFY(!settings.reloadNeeded());
        settings.setDraftModels({QVariantMap{{"path", "/m/small.gguf"}, {"text", "Small"}},
                                 QVariantMap{{"path", "/m/other.gguf"}, {"text", "Other"}}});
        settings.setGuessing(ModelSettingsBackend::BySmallerModel);
        QCOMPARE(to_string(settings.options().speculation), std::string("draft:/m/small.gguf,4"));
        settings.setDraftModel("/m/other.gguf");
        QCOMPARE(to_string(settings.options().speculation), std::string("draft:/m/other.gguf,4"));
        // Kept with the model.
        ModelSettingsBackend again(store);
        again.setModel("/m/a.gguf", "A", {}, {});
        QCOMPARE(to_string(again.options().speculation), std::string("draft:/m/other.gguf,4"));
    }

    void smaller_models_of_the_same_vocabulary_may_guess() {
        MockScript what = script({say("", "fine")});
        what.models[0].info.vocabulary = 1000;
        what.models[0].info.file_bytes = 500;
        const auto add = [&](const char* path, int vocabulary, std::uint64_t bytes) {
            auto more = what.models[0];
            more.info.path = path;
            more.info.name = path;
            more.info.vocabulary = vocabulary;
            more.info.file_bytes = bytes;
            what.models.push_back(more);
        };
        add("/mock/half.gguf", 1000, 250);
        add("/mock/tiny.gguf", 1000, 50);
        add("/mock/other.gguf", 2000, 50);
        add("/mock/large.gguf", 1000, 900);
        Bench bench(what);
        QVERIFY(bench.load());
        auto& models = bench.workspace->models();
        for (std::size_t i = 1; i < what.models.size(); ++i) {
            LocalModel model;
            model.id = model.path = QString::fromStdString(what.models[i].info.path);
            model.info = what.models[i].info;
            model.inspected = true;
            models.list()->put(model);
        }
        const QString first = models.currentId();
        models.choose("/mock/large.gguf");
        models.choose(first);
        QStringList offered;
        for (const QVariant& draft : bench.workspace->modelSettings().draftModels())
            offered.append(draft.toMap()["path"].toString());
        QCOMPARE(offered, QStringList({"/mock/tiny.gguf", "/mock/half.gguf"}));
    }

    void the_starter_runs_with_what_the_catalogue_says() {
        MockScript what = script({say("", "fine")});
        const auto entry = catalogue::built_in().front();
        what.models[0].info.name = entry.header_names.front();
        Bench bench(what);
        QVERIFY(bench.load());
        QTRY_COMPARE(bench.workspace->modelSettings().sampling().temperature, entry.sampling.temperature);
        QVERIFY(bench.workspace->modelSettings().changedKeys().isEmpty());
    }
};

QTEST_MAIN(TestModelSettings)
#include "test_model_settings.moc"
