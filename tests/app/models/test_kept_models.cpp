// The library behind the window: files are looked at when somebody looks, an idle model goes, what is used is
// counted.
#include <QDir>
#include <QProcess>

#include "app/library/mover.h"
#include "app/main/stored_data.h"
#include "tests/app/models/model_bench.h"
#include "tests/app/store/stored_bench.h"

using namespace pellucid;
using namespace pellucid::app;

class TestKeptModels : public QObject {
    Q_OBJECT

private slots:
    void two_thousand_models_are_listed_without_opening_one() {
        QTemporaryDir folder;
        fillLibrary(folder.path(), 2000);
        ModelBench bench(folder.path());
        QVERIFY(bench.start());
        const ModelListModel& list = *bench.models->list();
        QCOMPARE(list.count(), 2000);
        QCOMPARE(bench.engine.inspected.load(), 0);
        // What a view shows first is looked at, and no more.
        for (int row = 0; row < 20; ++row) {
            const QModelIndex index = list.index(row);
            QVERIFY(!list.data(index, ModelListModel::NameRole).toString().isEmpty());
            QVERIFY(list.data(index, ModelListModel::FactsRole).toString().contains("llama"));
            (void)list.data(index, ModelListModel::VerdictRole);
            (void)list.data(index, ModelListModel::SeverityRole);
        }
        QTRY_COMPARE(bench.engine.inspected.load(), 20);
        QTRY_VERIFY(!list.data(list.index(19), ModelListModel::VerdictRole).toString().isEmpty());
        bench.thread->drain();
        QCoreApplication::processEvents();
        QCOMPARE(bench.engine.inspected.load(), 20);
    }

    void a_file_that_became_another_is_looked_at_again() {
        QTemporaryDir folder;
        fillLibrary(folder.path(), 3);
        const QString changed = folder.path() + "/models/Model-0001-Instruct-Q4_K_M.gguf";
        QFile file(changed);
        QVERIFY(file.open(QIODevice::Append));
        file.write("more");
        file.close();
        {
            ModelBench bench(folder.path());
            QVERIFY(bench.start());
            QTRY_COMPARE(bench.engine.inspected.load(), 1);
            QTRY_VERIFY(bench.models->list()->find(changed)->inspected);
            (void)bench.store->thread().flush();
        }
        ModelBench again(folder.path());
        QVERIFY(again.start());
        again.thread->drain();
        QCoreApplication::processEvents();
        QCOMPARE(again.engine.inspected.load(), 0);
    }

    void an_idle_model_is_unloaded_and_comes_back() {
        QTemporaryDir folder;
        fillLibrary(folder.path(), 1);
        ModelBench bench(folder.path());
        bench.settings->setKeepAliveSeconds(-1);
        QVERIFY(bench.start());
        const QString id = bench.models->list()->models().front().id;
        QVERIFY(bench.ready(id));
        QSignalSpy gone(bench.models.get(), &ModelController::aboutToUnload);
        // In use it stays, whatever the setting.
        bench.models->setBusy(true);
        bench.settings->setKeepAliveSeconds(0);
        QTest::qWait(20);
        QCOMPARE(bench.models->state(), ModelController::Ready);
        bench.models->setBusy(false);
        QTRY_COMPARE(bench.models->state(), ModelController::Chosen);
        QCOMPARE(gone.count(), 1);
        bench.settings->setKeepAliveSeconds(1);
        bool ready = false;
        bench.models->whenReady(this, [&](bool loaded) { ready = loaded; });
        QTRY_VERIFY(ready);
        QTRY_COMPARE_WITH_TIMEOUT(bench.models->state(), ModelController::Chosen, 20000);
        QCOMPARE(gone.count(), 2);
    }

    void a_models_own_keep_alive_wins() {
        QTemporaryDir folder;
        fillLibrary(folder.path(), 1);
        {
            ModelBench bench(folder.path());
            const auto rows = bench.store->models().list();
            QVERIFY(rows.ok());
            QVERIFY(bench.store->models().set_keep_alive(rows->at(0).id, -1).ok());
        }
        ModelBench bench(folder.path());
        bench.settings->setKeepAliveSeconds(0);
        QVERIFY(bench.start());
        QVERIFY(bench.ready(bench.models->list()->models().front().id));
        bench.models->setBusy(true);
        bench.models->setBusy(false);
        QTest::qWait(20);
        QCOMPARE(bench.models->state(), ModelController::Ready);
    }

    void a_chat_counts_its_tokens_and_outlives_the_unloaded_model() {
        QTemporaryDir folder;
        StoredBench bench(folder.path(), script({say("Thinking.", "One."), say("", "Two.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("First?"));
        (void)bench.store->thread().flush();
        const auto rows = bench.store->models().list();
        QVERIFY(rows.ok() && rows->size() == 1);
        QVERIFY(rows->at(0).tokens_generated > 0);
        ModelController& models = bench.workspace->models();
        bench.workspace->settings().setKeepAliveSeconds(0);
        QTRY_COMPARE(models.state(), ModelController::Chosen);
        QVERIFY(bench.ask("Second?"));
        QTRY_COMPARE(models.state(), ModelController::Chosen);  // used, and gone again
        (void)bench.store->thread().flush();
        const auto later = bench.store->models().list();
        QVERIFY(later.ok() && later->at(0).tokens_generated > rows->at(0).tokens_generated);
    }

    void an_undone_removal_loses_nothing() {
        QTemporaryDir folder;
        fillLibrary(folder.path(), 1);
        ModelBench bench(folder.path());
        QVERIFY(bench.start());
        const QString path = bench.models->list()->models().front().path;
        storage::Store& store = *bench.store;
        const auto record = [&] {
            (void)store.thread().flush();
            const auto found = store.models().find_by_path(path.toStdString());
            return found && *found ? **found : storage::ModelRecord();
        };
        const storage::ModelId id = record().id;
        QVERIFY(store.models().set_provenance(id, {"A title", "ollama", "me/it", "v1", "mit", true}).ok());
        QVERIFY(store.models().set_settings(id, "{\"topK\":7}").ok());
        QVERIFY(store.models().add_tokens(id, 5).ok());
        QVERIFY(store.model_presets().save(id, "Calm", "{\"temperature\":0.1}").ok());
        QVERIFY(store.model_presets().set_adapters(id, {{"/m/style.gguf", 0.5, true}}).ok());
        storage::ModelFile file;
        file.path = path.toStdString();
        file.bytes = 4;
        file.sha256 = std::string(64, 'a');
        QVERIFY(store.model_files().set(id, {file}).ok());

        bench.models->remove(path);
        QCOMPARE(record().id, storage::ModelId(0));
        bench.toasts.act();  // undo
        const storage::ModelRecord back = record();
        QVERIFY(back.id != 0);
        QCOMPARE(back.title, std::string("A title"));
        QCOMPARE(back.source, std::string("ollama"));
        QCOMPARE(back.repository, std::string("me/it"));
        QCOMPARE(back.settings_json, std::string("{\"topK\":7}"));
        QCOMPARE(back.tokens_generated, std::uint64_t{5});
        QVERIFY(back.licence_accepted_at > 0);
        const auto presets = store.model_presets().list(back.id);
        QVERIFY(presets && presets->size() == 1 && presets->front().name == "Calm");
        const auto adapters = store.model_presets().adapters(back.id);
        QVERIFY(adapters && adapters->size() == 1 && adapters->front().strength == 0.5);
        const auto files = store.model_files().of(back.id);
        QVERIFY(files && files->size() == 1 && files->front().sha256 == file.sha256);
    }

    void a_move_that_was_cut_off_is_settled_at_the_next_start() {
        QTemporaryDir folder, elsewhere;
        fillLibrary(folder.path(), 2);
        const std::string from = (folder.path() + "/models").toStdString(),
                          to = elsewhere.path().toStdString();
        const QString copied = elsewhere.path() + "/Model-0000-Instruct-Q4_K_M.gguf";
        const auto begin = [&] {
            ModelBench bench(folder.path());
            const auto move = bench.store->library_moves().begin(
                from, to,
                {{.name = "Model-0000-Instruct-Q4_K_M.gguf"}, {.name = "Model-0001-Instruct-Q4_K_M.gguf"}});
            QVERIFY(move.ok());
            QVERIFY(QFile::copy(folder.path() + "/models/Model-0000-Instruct-Q4_K_M.gguf", copied));
            QVERIFY(bench.store->library_moves().set_copied(*move, 0).ok());
        };
        begin();
        {
            StoredData data(folder.path());
            QVERIFY(data.writable() != nullptr);
            std::optional<InterruptedMove> told;
            data.tellInterruptedMove(this, [&](const InterruptedMove& move) { told = move; });
            QTRY_VERIFY(told);
            QVERIFY(!told->finished && !told->problem);
            QCOMPARE(told->folder, elsewhere.path());
            const auto left = data.writable()->library_moves().current();
            QVERIFY(left.ok() && !left->has_value());
        }
        QVERIFY(!QFile::exists(copied));
        QVERIFY(QFile::exists(folder.path() + "/models/Model-0000-Instruct-Q4_K_M.gguf"));
        QDir().mkpath(elsewhere.path());
        begin();
        {
            ModelBench bench(folder.path());
            QVERIFY(QFile::copy(folder.path() + "/models/Model-0001-Instruct-Q4_K_M.gguf",
                                elsewhere.path() + "/Model-0001-Instruct-Q4_K_M.gguf"));
            const auto move = bench.store->library_moves().current();
            QVERIFY(move.ok() && move->has_value());
            QVERIFY(bench.store->library_moves().set_copied((*move)->id, 1).ok());
            QVERIFY(bench.store->library_moves().switch_over((*move)->id, library::models_folder_key).ok());
        }
        StoredData data(folder.path());
        std::optional<InterruptedMove> told;
        data.tellInterruptedMove(this, [&](const InterruptedMove& move) { told = move; });
        QTRY_VERIFY(told);
        QVERIFY(told->finished && !told->problem);
        QCOMPARE(told->folder, elsewhere.path());
        QVERIFY(!QFile::exists(folder.path() + "/models"));
        QVERIFY(QFile::exists(copied));
        const auto rows = data.writable()->models().list();
        QVERIFY(rows.ok() && rows->size() == 2);
        for (const auto& row : *rows) QVERIFY(QFile::exists(QString::fromStdString(row.path)));
    }

    /// By another program, with kill -9 in the middle: the window's next start finds every model whole.
    void a_move_that_was_killed_is_taken_back_by_the_windows_start() {
        QTemporaryDir folder, elsewhere;
        fillLibrary(folder.path(), 3);
        const QString target = elsewhere.path() + "/models";
        QProcess child;
        child.start(PELLUCID_MOVE_CHILD,
                    {folder.path() + "/pellucid.db", folder.path() + "/models", target, "5"});
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT(
            (child.waitForReadyRead(50), said += child.readAllStandardOutput(), said.contains("there")),
            60000);
        child.kill();
        QVERIFY(child.waitForFinished(60000));
        QVERIFY(!QDir(target).isEmpty());
        StoredData data(folder.path());
        QVERIFY(data.writable() != nullptr);
        (void)data.writable()->thread().flush();
        const auto left = data.writable()->library_moves().current();
        QVERIFY(left.ok() && !left->has_value());
        const auto rows = data.writable()->models().list();
        QVERIFY(rows.ok() && rows->size() == 3);
        for (const auto& row : *rows) {
            QVERIFY(row.path.starts_with(folder.path().toStdString()));
            QVERIFY(QFile::exists(QString::fromStdString(row.path)));
        }
        QVERIFY(!QFileInfo::exists(target));
    }

    void the_models_folder_is_where_the_library_was_moved_to() {
        QTemporaryDir folder, elsewhere;
        fillLibrary(folder.path(), 0);
        {
            ModelBench bench(folder.path());
            QCOMPARE(bench.models->modelsFolder(), folder.path() + "/models");
            QSignalSpy changed(bench.models.get(), &ModelController::modelsFolderChanged);
            bench.settings->setModelsFolder(elsewhere.path());
            QVERIFY(changed.count() > 0);
            QFile file(elsewhere.path() + "/a.gguf");
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        ModelBench bench(folder.path());
        QCOMPARE(bench.models->modelsFolder(), elsewhere.path());
        QVERIFY(bench.start());
        QVERIFY(bench.models->list()->findPath(elsewhere.path() + "/a.gguf") != nullptr);
        bench.settings->setModelsFolder(folder.path() + "/models");
        QVERIFY(!bench.settings->changedKeys().contains("modelsFolder"));
    }
};

QTEST_GUILESS_MAIN(TestKeptModels)
#include "test_kept_models.moc"
