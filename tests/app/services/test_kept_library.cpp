// What the window's services keep: downloads that leave the table, models of other programs with all that
// belongs to them, one copy of the same bytes, mirrors, speeds that were seen.
#include <fstream>

#include "app/hub/memory_speed.h"
#include "tests/app/library/planted.h"
#include "tests/app/services/services_bench.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace pellucid::app;
namespace fs = std::filesystem;

namespace {

using library::test::Home;
using library::test::sha256_of;
using library::test::slurp;

std::size_t stored(Bench& bench) {
    const auto rows = bench.store->downloads().list();
    return rows ? rows->size() : 999;
}

/// Sends a question in a new chat and gives what was answered.
QString answerTo(Bench& bench, const QString& question) {
    ChatController& chat = bench.workspace->chat();
    chat.showNew();
    if (!chat.sendText(question)) return QStringLiteral("not sent");
    if (!QTest::qWaitFor([&] { return !chat.busy(); }, kPatience)) return QStringLiteral("still busy");
    const ChatRowModel& rows = *chat.rows();
    QStringList texts;
    for (int row = 0; row < rows.rowCount(); ++row)
        if (rows.data(rows.index(row), ChatRowModel::RowKindRole).toInt() == ChatRowModel::Block)
            texts.append(rows.data(rows.index(row), rows.roleNames().key("text")).toString());
    return texts.join('\n');
}

}  // namespace

class TestKeptLibrary : public QObject {
    Q_OBJECT

    std::unique_ptr<Home> home_;
    std::string tiny_;

private slots:
    void init() {
        home_ = std::make_unique<Home>();
        qputenv("HOME", QByteArray::fromStdString(home_->path().string()));
        for (const char* name : {"OLLAMA_MODELS", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                 "LLAMA_CACHE", "HF_HOME"})
            qunsetenv(name);
        QTemporaryDir folder;
        tiny_ = slurp(test::write_tiny_model(folder));
    }

    void a_finished_download_leaves_the_table_once_it_was_shown_and_kept() {
        Hub hub(fixture());
        Bench bench(hub);
        bench.workspace->downloads().setTimes(1, 1);
        const QString path = bench.fetch();
        QVERIFY(!path.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(stored(bench), std::size_t(0), kPatience);
        // Nothing is lost by it: digest, address and blocks are the model's now.
        const auto model = bench.record(path);
        QVERIFY(model);
        QCOMPARE(model->repository, std::string("somebody/Tiny-GGUF"));
        QCOMPARE(model->source, std::string("download"));
        const auto files = bench.store->model_files().of(model->id);
        QVERIFY(files && files->size() == 1);
        QCOMPARE(files->front().sha256, hub.digest);
        QVERIFY(files->front().state == storage::FileState::whole && !files->front().blocks.empty());
        QVERIFY(files->front().url.find("/resolve/") != std::string::npos);

        // Damaged on the disk: what is damaged comes again, and where the model came from stays.
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(3000));
        file.write("!");
        file.close();
        bench.workspace->toasts().dismiss();
        bench.workspace->keeping().check(path);
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->toasts().actionId(), QStringLiteral("repair"), kPatience);
        QSignalSpy ended(bench.workspace.get(), &Workspace::downloadEnded);
        bench.workspace->toasts().act();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(stored(bench), std::size_t(0), kPatience);
        QCOMPARE(bench.record(path)->repository, std::string("somebody/Tiny-GGUF"));
        QCOMPARE(bench.workspace->models().list()->count(), 1);
        bench.workspace->keeping().check(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->toasts().text().contains("is whole"), kPatience);
        QCOMPARE(slurp(path.toStdString()), *hub.body);
    }

    /// The program was killed between the last byte and the library's row.
    void what_an_earlier_run_finished_is_entered_at_the_next_start() {
        Hub hub(fixture());
        QTemporaryDir folder;
        QString path;
        {
            Bench bench(hub, folder.path());
            bench.workspace->downloads().setTimes(3'600'000, 1);
            path = bench.fetch();
            QTRY_VERIFY_WITH_TIMEOUT(bench.record(path) && !bench.record(path)->repository.empty(),
                                     kPatience);
            QVERIFY(bench.store->models().remove(bench.record(path)->id).ok());
            QCOMPARE(stored(bench), std::size_t(1));
        }
        Bench bench(hub, folder.path());
        QTRY_COMPARE_WITH_TIMEOUT(stored(bench), std::size_t(0), kPatience);
        QVERIFY(bench.record(path));
        QCOMPARE(bench.record(path)->repository, std::string("somebody/Tiny-GGUF"));
    }

    /// Else the next start would enter it again.
    void a_deleted_model_takes_its_finished_download_along() {
        Hub hub(fixture());
        Bench bench(hub);
        bench.workspace->downloads().setTimes(3'600'000, 1);
        const QString path = bench.fetch();
        QTRY_VERIFY_WITH_TIMEOUT(bench.record(path) && !bench.record(path)->repository.empty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->models().list()->findPath(path), kPatience);
        bench.workspace->keeping().askRemoval(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->keeping().removalErases(), kPatience);
        bench.workspace->keeping().remove();
        QTRY_COMPARE_WITH_TIMEOUT(stored(bench), std::size_t(0), kPatience);
        // Two threads once took the model away at the same time, and the slower one left the file.
        QVERIFY(!QFile::exists(path));
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->toasts().text().endsWith("are free again."), kPatience);
    }

    void a_model_of_ollama_comes_with_its_adapter_its_prompt_and_its_origin() {
        const auto layer = [&](const std::string& kind, const std::string& text) {
            library::test::write(home_->path() / ".ollama/models/blobs" / ("sha256-" + sha256_of(text)),
                                 text);
            return "," + Home::layer(kind, text);
        };
        const std::string lora = slurp(PELLUCID_FIXTURES "/folders/quantized/lora_first.gguf");
        home_->plant_ollama("registry.ollama.ai/library/base/1b", tiny_);
        const fs::path blob = home_->plant_ollama(
            "registry.ollama.ai/me/tuned/latest", tiny_,
            layer("adapter", lora) + layer("system", "Be brief.") +
                layer("params", "{\"temperature\":0,\"num_predict\":24,\"top_k\":-7,\"mirostat\":2}"));
        Hub hub("x");
        Bench bench(hub);
        ModelKeeping& keeping = bench.workspace->keeping();
        keeping.lookElsewhere();
        QTRY_COMPARE_WITH_TIMEOUT(keeping.found()->count(), 2, kPatience);
        const auto wanted = [&] {
            for (const FoundModel& model : keeping.found()->models())
                if (model.adapters == 1) return model;
            return FoundModel();
        }();
        QCOMPARE(wanted.name, QStringLiteral("me/tuned:latest"));
        keeping.adopt(wanted.key());
        const QString path = QString::fromStdString(blob.string());
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->models().list()->findPath(path), kPatience);
        QCOMPARE(bench.workspace->models().list()->findPath(path)->title, QStringLiteral("me/tuned:latest"));
        const auto record = bench.record(path);
        QVERIFY(record);
        QCOMPARE(record->source, std::string("ollama"));
        QCOMPARE(record->repository, std::string("me/tuned"));
        QCOMPARE(record->revision, std::string("latest"));
        // It is opened with the adapter, and answers as Ollama has it answer.
        bench.workspace->models().select(path);
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->models().state(), ModelController::Ready, kPatience);
        ModelSettingsBackend& settings = bench.workspace->modelSettings();
        QCOMPARE(settings.presets()->current(), QStringLiteral("me/tuned:latest"));
        QVERIFY(!settings.presets()->modified());
        QCOMPARE(settings.systemPrompt(), QStringLiteral("Be brief."));
        QCOMPARE(settings.temperature(), 0.0);
        QCOMPARE(settings.maxTokens(), 24);
        QCOMPARE(settings.topK(), 0);
        QCOMPARE(settings.adapters()->count(), 1);
        QCOMPARE(bench.workspace->models().model()->options().adapters.size(), std::size_t(1));
        const QString with = answerTo(bench, "Hello there");
        settings.adapters()->setUsed(0, false);
        const QString without = answerTo(bench, "Hello there");
        QVERIFY2(with != without, qPrintable(with));
        settings.adapters()->setUsed(0, true);
        QCOMPARE(answerTo(bench, "Hello there"), with);
        // Without its file the model is refused with the reason, not opened without it.
        bench.workspace->models().unload();
        const fs::path adapter = home_->path() / ".ollama/models/blobs" / ("sha256-" + sha256_of(lora));
        fs::remove(adapter);
        bench.workspace->models().select(path);
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->models().state(), ModelController::Failed, kPatience);
        QVERIFY2(bench.workspace->models().errorWhat().contains(QString::fromStdString(adapter.string())),
                 qPrintable(bench.workspace->models().errorWhat()));
        // The plain one is here with it.
        keeping.lookElsewhere();
        QTRY_COMPARE_WITH_TIMEOUT(keeping.found()->count(), 0, kPatience);
    }

    void bytes_that_ollama_has_too_are_kept_once() {
        const fs::path blob = home_->plant_ollama("registry.ollama.ai/library/base/1b", tiny_);
        Hub hub("x");
        Bench bench(hub);
        const fs::path ours = fs::path(bench.folder.toStdString()) / "models/mine.gguf";
        library::test::write(ours, tiny_);
        ModelKeeping& keeping = bench.workspace->keeping();
        keeping.lookForWaste();
        QTRY_VERIFY_WITH_TIMEOUT(keeping.wasteKnown(), kPatience);
        QVERIFY(!keeping.duplicatesText().isEmpty());
        QStringList others;
        bool known = false;
        bench.services->sources().keeping.findWaste(this, [&](const Waste& waste) {
            others = waste.others;
            known = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(known, kPatience);
        QCOMPARE(others, QStringList("Ollama"));
        keeping.shareDuplicates();
        QTRY_COMPARE_WITH_TIMEOUT(keeping.duplicatesText(), QString(), kPatience);
        QCOMPARE(slurp(ours), tiny_);
        QCOMPARE(slurp(blob), tiny_);
        // A reflink is another inode of the same bytes, a hard link the same.
        std::error_code trouble;
        if (fs::equivalent(ours, blob, trouble)) QCOMPARE(fs::hard_link_count(blob), 2u);
    }

    void a_mirror_serves_what_the_hub_does_not() {
        Hub hub(fixture()), mirror(fixture());
        Bench bench(hub);
        bench.workspace->network().setMirrors(QString::fromStdString(mirror.server.url()));
        bench.workspace->network().keepToken("hf_secret");
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->network().tokenKept(), kPatience);
        bench.workspace->discover().setText("tiny");
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
        ModelDetail& detail = bench.workspace->detail();
        detail.show("huggingface:somebody/Tiny-GGUF");
        QTRY_VERIFY_WITH_TIMEOUT(!detail.busy() && detail.planned(), kPatience);
        QCOMPARE(mirror.server.requests(), 0);
        hub.withoutFiles = true;
        QSignalSpy ended(bench.workspace.get(), &Workspace::downloadEnded);
        detail.download();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
        QCOMPARE(slurp((bench.folder + "/models/Tiny-F32.gguf").toStdString()), *hub.body);
        QVERIFY(mirror.server.requests() > 0);
        QVERIFY(hub.sawToken && !mirror.sawToken);
    }

    void hours_for_downloads_are_kept_to() {
        Hub hub(fixture());
        Bench bench(hub);
        bench.workspace->discover().setText("tiny");
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
        ModelDetail& detail = bench.workspace->detail();
        detail.show("huggingface:somebody/Tiny-GGUF");
        QTRY_VERIFY_WITH_TIMEOUT(!detail.busy() && detail.planned(), kPatience);
        // An hour that is half a day away.
        const int now = QTime::currentTime().msecsSinceStartOfDay() / 60000;
        bench.workspace->network().setHours((now + 700) % 1440, (now + 760) % 1440);
        QSignalSpy ended(bench.workspace.get(), &Workspace::downloadEnded);
        detail.download();
        const auto status = [&] {
            DownloadListModel& list = bench.workspace->downloads();
            return list.count() == 0 ? QString() : list.item(0)->status();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(status().contains("Outside of the hours"), qPrintable(status()), kPatience);
        bench.workspace->network().setHours(0, 0);
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
    }

    void the_predicted_speed_follows_what_chats_showed() {
        Hub hub("x");
        Bench bench(hub);
        const QString path = bench.folder + "/models/tiny.gguf";
        library::test::write(path.toStdString(), tiny_);
        bench.workspace->models().addFile(QUrl::fromLocalFile(path));
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->models().state(), ModelController::Ready, kPatience);
        QSignalSpy spoke(&bench.workspace->models(), &ModelController::spoke);
        bench.workspace->modelSettings().setTemperature(0);
        bench.workspace->modelSettings().setMaxTokens(8);
        (void)answerTo(bench, "Too short to say how fast");
        QCOMPARE(spoke.count(), 0);
        bench.workspace->modelSettings().setMaxTokens(64);
        (void)answerTo(bench, "Long enough");
        QCOMPARE(spoke.count(), 1);
        const double speed = spoke.first().at(3).toDouble();
        QVERIFY(speed > 0);
        // Kept, and what is predicted for this very model is what it did.
        const fs::path file = fs::path(bench.folder.toStdString()) / "speeds.json";
        QTRY_VERIFY_WITH_TIMEOUT(slurp(file).find("seen") != std::string::npos, kPatience);
        double predicted = 0;
        bench.services->sources().discover.plan(
            {.path = path}, this,
            [&](const FitPlan& plan, const Problem&) { predicted = plan.fit.tokensPerSecond; });
        QTRY_VERIFY_WITH_TIMEOUT(predicted > 0, kPatience);
        QVERIFY2(predicted > 0.7 * speed && predicted < 1.6 * speed,
                 qPrintable(QString("%1 predicted, %2 seen").arg(predicted).arg(speed)));
    }
};

QTEST_MAIN(TestKeptLibrary)
#include "test_kept_library.moc"
