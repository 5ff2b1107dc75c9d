// What is done with models that are here: removal with what it frees, check and repair, those of other
// programs, space.
#include <QtTest>

#include "app/models/scripted_sources.h"
#include "app/shell/workspace.h"
#include "app/store/memory_store.h"
#include "engine/runtime/mock_engine.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

struct Bench {
    QTemporaryDir folder;
    ScriptedSources sources;
    MockEngine engine;
    MemoryStore store;
    MemorySettingStore settings;
    MemoryModelLibrary library;
    std::unique_ptr<Workspace> workspace;
    static MockScript script() {
        MockScript script;
        MockModelScript model = mock_model();
        model.info.path.clear();  // any
        model.info.name = "Model";
        model.load_seconds = 0;
        script.models.push_back(model);
        return script;
    }
    Bench() : engine(script()) {
        Workspace::Options options;
        options.dataFolder = folder.path();
        workspace = std::make_unique<Workspace>(engine, store, settings, library, sources.all(), options);
    }
    QString add(const char* name) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly)) return {};
        workspace->models().keepFile(file.fileName());
        return file.fileName();
    }
    ModelKeeping& keeping() { return workspace->keeping(); }
    ToastQueue& toasts() { return workspace->toasts(); }
};

}  // namespace

class TestModelKeeping : public QObject {
    Q_OBJECT

private slots:
    void aModelOfOursIsDeletedWithWhatItFrees() {
        Bench bench;
        const QString path = bench.add("Qwen3-0.6B-Q8_0.gguf");
        QTRY_COMPARE(bench.workspace->models().list()->count(), 1);
        bench.sources.keeping.removing = {640'000'000, 1, true, {}};
        bench.keeping().askRemoval(path);
        QTRY_COMPARE(bench.keeping().removalTitle(), QStringLiteral("Delete Qwen3 0.6B?"));
        QVERIFY(bench.keeping().removalText().startsWith("Frees 640 MB."));
        QCOMPARE(bench.workspace->models().list()->count(), 1);  // only asked
        bench.keeping().remove();
        QTRY_COMPARE(bench.sources.keeping.calls, QStringList("remove " + path));
        QCOMPARE(bench.workspace->models().list()->count(), 0);
        QTRY_VERIFY(bench.toasts().text().contains("640 MB"));
    }

    void bytesThatOthersUseFreeNothing() {
        Bench bench;
        const QString path = bench.add("a.gguf");
        QTRY_COMPARE(bench.workspace->models().list()->count(), 1);
        bench.sources.keeping.removing = {0, 1, true, "Ollama"};
        bench.keeping().askRemoval(path);
        QTRY_VERIFY(bench.keeping().removalText().startsWith("Frees nothing: Ollama"));
    }

    void aFileElsewhereIsOnlyTakenOffTheList() {
        Bench bench;
        const QString path = bench.add("elsewhere-model.gguf");
        QTRY_COMPARE(bench.workspace->models().list()->count(), 1);
        bench.keeping().askRemoval(path);
        QTRY_COMPARE(bench.keeping().removalAct(), QStringLiteral("Take off"));
        bench.keeping().remove();
        QCOMPARE(bench.workspace->models().list()->count(), 0);
        QVERIFY(bench.sources.keeping.calls.isEmpty());
        bench.toasts().act();  // undo
        QCOMPARE(bench.workspace->models().list()->count(), 1);
    }

    void aDamagedFileIsRepaired() {
        Bench bench;
        const QString path = bench.add("b-model.gguf");
        QTRY_COMPARE(bench.workspace->models().list()->count(), 1);
        bench.keeping().check(path);
        QCOMPARE(bench.keeping().checkingId(), path);
        QTRY_VERIFY(bench.toasts().text().contains("is whole"));
        QCOMPARE(bench.keeping().checkingId(), QString());
        bench.toasts().dismiss();
        bench.sources.keeping.outcome = {false, 3, true, {}};
        bench.keeping().check(path);
        QTRY_COMPARE(bench.toasts().actionLabel(), QStringLiteral("Repair"));
        QVERIFY(bench.toasts().error());
        bench.toasts().act();
        QTRY_VERIFY(bench.sources.keeping.calls.contains("repair " + path));
        QTRY_VERIFY(bench.toasts().text().contains("only what is damaged"));
    }

    void modelsOfOtherProgramsAreUsedInPlace() {
        Bench bench;
        const auto place = [&](const char* name) {
            QFile file(bench.folder.filePath(QString::fromLatin1(name)));
            (void)file.open(QIODevice::WriteOnly);
            return file.fileName();
        };
        const QString known = bench.add("known-model.gguf");
        QTRY_COMPARE(bench.workspace->models().list()->count(), 1);
        bench.sources.keeping.elsewhere = {{place("one-model.gguf"), "qwen3:0.6b", "Ollama", 522'000'000},
                                           {place("two-model.gguf"), "gemma", "LM Studio", 2'490'000'000},
                                           {known, "known", "Jan", 5}};
        bench.keeping().lookElsewhere();
        QTRY_COMPARE(bench.keeping().found()->count(), 2);  // what is in the list is not offered
        QCOMPARE(bench.keeping().found()->text(),
                 QStringLiteral("2 models of Ollama and LM Studio are on this computer, 3.01 GB"));
        bench.keeping().adoptAll();
        QTRY_COMPARE(bench.workspace->models().list()->count(), 3);
        QCOMPARE(bench.keeping().found()->count(), 0);
        QCOMPARE(bench.workspace->models().state(), ModelController::NoModel);  // nothing is loaded by it
    }

    void spaceIsGivenBack() {
        Bench bench;
        bench.sources.keeping.waste = {2, 3, 610'000'000, 9'360'000'000};
        bench.keeping().lookForWaste();
        QTRY_VERIFY(bench.keeping().wasteKnown());
        QVERIFY(bench.keeping().duplicatesText().contains("9.36 GB"));
        bench.keeping().shareDuplicates();
        QTRY_COMPARE(bench.keeping().duplicatesText(), QString());
        QVERIFY(bench.toasts().text().contains("9.36 GB"));
        bench.sources.keeping.problem = {"The disk is gone.", "Connect it."};
        bench.keeping().moveTo(QUrl::fromLocalFile("/media/disk"));
        QVERIFY(bench.keeping().moving());
        QTRY_VERIFY(!bench.keeping().moving());
        QVERIFY(bench.sources.keeping.calls.contains("move /media/disk"));
    }
};

QTEST_MAIN(TestModelKeeping)
#include "test_model_keeping.moc"
