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
