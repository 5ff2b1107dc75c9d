// Discovering models: order, filter, pages, trouble; one model's quantisations, its memory plan, and what is
// asked before it is fetched.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "app/models/fit_wording.h"
#include "app/models/scripted_sources.h"
#include "app/shell/workspace.h"
#include "app/store/memory_store.h"
#include "engine/runtime/mock_engine.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

OfferedModel offer(const char* name, OfferedModel::Kind kind, Fit::Kind fit, double gigabytes, double speed) {
    OfferedModel model;
    model.id = model.name = QString::fromLatin1(name);
    model.author = "somebody";
    model.licence = "MIT";
    model.kind = kind;
    model.parameters = gigabytes * 1.6e9;
    model.context = 131072;
    for (const char* quantization : {"Q4_K_M", "Q8_0"}) {
        OfferedFile file;
        file.quantization = QString::fromLatin1(quantization);
        file.name = model.id + u'-' + file.quantization + ".gguf";
        file.bytes = static_cast<quint64>(gigabytes * (file.quantization == "Q8_0" ? 1.8 : 1) * 1e9);
        file.fit.kind = fit;
        file.fit.layers = 28;
        file.fit.layersOnGpu = fit == Fit::OnGpu ? 28 : 20;
        file.fit.tokensPerSecond = speed;
        file.fit.missing = fit == Fit::TooLarge ? 100'000'000'000 : 0;
        model.files.push_back(file);
    }
    model.best = 0;
    model.complete = true;
    return model;
}

struct Bench {
    QTemporaryDir folder;
    ScriptedSources sources;
    MockEngine engine{MockScript{}};
    MemoryStore store;
    MemorySettingStore settings;
    MemoryModelLibrary library;
    std::unique_ptr<Workspace> workspace;
    Bench() {
        Workspace::Options options;
        options.dataFolder = folder.path();
        workspace = std::make_unique<Workspace>(engine, store, settings, library, sources.all(), options);
        workspace->discover().setDelay(0);
        sources.discover.gpuTotal = 12ull << 30;
        sources.discover.gpuOthers = 1ull << 30;
    }
    QStringList names() {
        QStringList names;
        DiscoverModel& model = workspace->discover();
        for (int row = 0; row < model.count(); ++row)
            names.append(model.data(model.index(row), DiscoverModel::NameRole).toString());
        return names;
    }
    QString text(int row, DiscoverModel::Role role) {
        return workspace->discover().data(workspace->discover().index(row), role).toString();
    }
};

}  // namespace

class TestModelOffers : public QObject {
    Q_OBJECT

private slots:
    void whatFitsComesFirst() {
        Bench bench;
        DiscoverModel& discover = bench.workspace->discover();
        const QAbstractItemModelTester tester(&discover,
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        bench.sources.discover.models = {offer("Large", OfferedModel::Reasoning, Fit::TooLarge, 404, 0),
                                         offer("Slow", OfferedModel::Reasoning, Fit::Layers, 20, 3),
                                         offer("Half", OfferedModel::Reasoning, Fit::Layers, 9, 17),
                                         offer("Whole", OfferedModel::Reasoning, Fit::OnGpu, 4.7, 42),
                                         offer("Chat", OfferedModel::Chat, Fit::OnGpu, 8, 40)};
        discover.open();
        QTRY_COMPARE(bench.names(), (QStringList{"Whole", "Chat", "Half", "Slow", "Large"}));
        QCOMPARE(bench.text(0, DiscoverModel::SpeedTextRole), QStringLiteral("≈ 42 tok/s"));
        QCOMPARE(bench.text(2, DiscoverModel::VerdictRole), QStringLiteral("20 of 28 layers on GPU"));
        QCOMPARE(bench.text(2, DiscoverModel::SeverityRole), QStringLiteral("half"));
        QCOMPARE(bench.text(3, DiscoverModel::SeverityRole), QStringLiteral("warn"));
        QCOMPARE(bench.text(3, DiscoverModel::NoteRole), QStringLiteral("Slow"));
        QCOMPARE(bench.text(4, DiscoverModel::VerdictRole), QStringLiteral("Needs 100 GB more"));
        QCOMPARE(bench.text(4, DiscoverModel::SpeedTextRole), QStringLiteral("–"));
        // The first run offers the largest reasoner that fits well.
        QCOMPARE(discover.bestName(), QStringLiteral("Whole"));
        QCOMPARE(discover.bestFacts(), QStringLiteral("4.70 GB   ≈ 42 tok/s   MIT licence"));
        discover.setOnlyFitting(true);
        QCOMPARE(bench.names(), (QStringList{"Whole", "Chat", "Half", "Slow"}));
        QCOMPARE(discover.hidden(), 1);
        discover.setOrder(DiscoverModel::Largest);
        QCOMPARE(bench.names(), (QStringList{"Slow", "Half", "Chat", "Whole"}));
        discover.setOrder(DiscoverModel::ByName);
        QCOMPARE(bench.names(), (QStringList{"Chat", "Half", "Slow", "Whole"}));
    }

    // By the size of its file alone a verdict says so, until the header has been read.
    void aRoughVerdictSaysSo() {
        Bench bench;
        DiscoverModel& discover = bench.workspace->discover();
        bench.sources.discover.models = {offer("Whole", OfferedModel::Reasoning, Fit::OnGpu, 4.7, 42),
                                         offer("Large", OfferedModel::Reasoning, Fit::TooLarge, 404, 0)};
        for (OfferedModel& model : bench.sources.discover.models)
            for (OfferedFile& file : model.files) file.fit.rough = true;
        bench.sources.discover.gpuTotal = 12ull << 30;
        discover.open();
        QTRY_COMPARE(discover.count(), 2);
        QCOMPARE(bench.text(0, DiscoverModel::VerdictRole), QStringLiteral("Should fit on the GPU"));
        QCOMPARE(bench.text(1, DiscoverModel::VerdictRole), QStringLiteral("Needs ≈ 100 GB more"));
        ModelDetail& detail = bench.workspace->detail();
        detail.show(QStringLiteral("Whole"));
        QCOMPARE(detail.verdict(), QStringLiteral("Should fit on the GPU"));
        QTRY_COMPARE(detail.verdict(), QStringLiteral("Fits on the GPU"));
        // List and detail say the same of it from then on.
        QCOMPARE(bench.text(0, DiscoverModel::VerdictRole), QStringLiteral("Fits on the GPU"));
        QCOMPARE(bench.text(0, DiscoverModel::SpeedTextRole), QStringLiteral("≈ 42 tok/s"));
        QCOMPARE(bench.text(1, DiscoverModel::VerdictRole), QStringLiteral("Needs ≈ 100 GB more"));
    }

    void pagesAreAddedBelow() {
        Bench bench;
        DiscoverModel& discover = bench.workspace->discover();
        // no model tester here: it fetches all there is
        for (int i = 0; i < 120; ++i)
            bench.sources.discover.models.push_back(
                offer(qPrintable(QString("Model %1").arg(i, 3, 10, QLatin1Char('0'))), OfferedModel::Chat,
                      i % 2 ? Fit::OnGpu : Fit::TooLarge, 5, 40));
        bench.sources.discover.page = 50;
        discover.setText("model");
        QTRY_COMPARE(discover.count(), 50);
        QVERIFY(discover.canFetchMore({}));
        const QString first = bench.names().first();
        QSignalSpy resets(&discover, &QAbstractItemModel::modelReset);
        discover.fetchMore({});
        QTRY_COMPARE(discover.count(), 100);
        discover.fetchMore({});
        QTRY_COMPARE(discover.count(), 120);
        QVERIFY(!discover.canFetchMore({}));
        QCOMPARE(resets.count(), 0);
        QCOMPARE(bench.names().first(), first);
    }

    void troubleIsSaidAndAskedAgain() {
        Bench bench;
        DiscoverModel& discover = bench.workspace->discover();
        bench.sources.discover.problem = {"The offline switch is on.", "Turn it off in the settings."};
        discover.setText("qwen");
        QTRY_COMPARE(discover.problemWhat(), QStringLiteral("The offline switch is on."));
        bench.sources.discover.problem = {};
        bench.sources.discover.models = {offer("Qwen", OfferedModel::Chat, Fit::OnGpu, 5, 40)};
        discover.again();
        QTRY_COMPARE(discover.count(), 1);
        QCOMPARE(discover.problemWhat(), QString());
        // A later answer to an earlier question is not shown.
        discover.setText("other");
        discover.setText("qwen");
        QTRY_COMPARE(discover.count(), 1);
    }

    void aDownloadIsSeenInTheList() {
        Bench bench;
        bench.workspace->downloads().setTimes(10, 0);
        bench.sources.discover.models = {offer("One", OfferedModel::Chat, Fit::OnGpu, 5, 40)};
        bench.workspace->discover().open();
        QTRY_COMPARE(bench.workspace->discover().count(), 1);
        ModelDetail& detail = bench.workspace->detail();
        detail.show("One");
        QTRY_VERIFY(detail.planned());
        QSignalSpy started(&detail, &ModelDetail::started);
        QCOMPARE(detail.place(), ModelDetail::Offered);
        QCOMPARE(detail.downloadText(), QStringLiteral("Download 5.00 GB"));
        detail.download();
        QTRY_COMPARE(started.count(), 1);
        QTRY_COMPARE(detail.place(), ModelDetail::Coming);
        DownloadState state = bench.sources.downloads.states.front();
        state.phase = DownloadState::Running;
        state.bytes = 3'100'000'000;
        bench.sources.downloads.put(state);
        QTRY_COMPARE(bench.text(0, DiscoverModel::NoteRole), QStringLiteral("Downloading, 62 %"));
        QCOMPARE(detail.placeText(), QStringLiteral("Downloading, 62 %"));
        detail.download();  // it comes already
        QCOMPARE(bench.sources.downloads.calls.size(), 1);
        bench.sources.downloads.cancel(state.id);
        QTRY_COMPARE(detail.place(), ModelDetail::Offered);
        // Refused with words.
        bench.sources.downloads.refusal = {"No room.", "Free some."};
        QSignalSpy refused(&detail, &ModelDetail::refused);
        detail.download();
        QTRY_COMPARE(refused.count(), 1);
    }

    void termsAndSizeAreAskedFirst() {
        Bench bench;
        OfferedModel large = offer("Large", OfferedModel::Reasoning, Fit::TooLarge, 404, 0);
        OfferedModel terms = offer("Terms", OfferedModel::Chat, Fit::OnGpu, 2, 70);
        terms.askLicence = true;
        bench.sources.discover.models = {large, terms};
        bench.workspace->discover().open();
        QTRY_COMPARE(bench.workspace->discover().count(), 2);
        ModelDetail& detail = bench.workspace->detail();
        QSignalSpy tooLarge(&detail, &ModelDetail::tooLargeAsked),
            licence(&detail, &ModelDetail::licenceAsked);
        detail.show("Large");
        detail.download();
        QCOMPARE(tooLarge.count(), 1);
        QVERIFY(bench.sources.downloads.states.empty());
        detail.downloadAnyway();
        QCOMPARE(bench.sources.downloads.states.size(), std::size_t(1));
        detail.show("Terms");
        detail.download();
        QCOMPARE(licence.count(), 1);
        QCOMPARE(bench.sources.downloads.states.size(), std::size_t(1));
        detail.acceptLicence();
        QCOMPARE(bench.sources.downloads.states.size(), std::size_t(2));
    }

    // A model that a search only named is looked into when it is opened; a download asked for meanwhile waits
    // for it.
    void aDownloadWaitsForItsFiles() {
        Bench bench;
        OfferedModel bare = offer("Bare", OfferedModel::Reasoning, Fit::OnGpu, 4, 40);
        bare.complete = false;
        bench.sources.discover.models = {bare};
        bench.workspace->discover().open();
        QTRY_COMPARE(bench.workspace->discover().bestId(), QStringLiteral("Bare"));
        bench.workspace->detail().downloadBest();
        QVERIFY(bench.workspace->detail().busy());
        QVERIFY(bench.sources.downloads.states.empty());
        QTRY_COMPARE(bench.sources.downloads.states.size(), std::size_t(1));
    }

    void theMemoryPlanFollowsItsControls() {
        Bench bench;
        bench.sources.discover.models = {offer("One", OfferedModel::Reasoning, Fit::OnGpu, 4.68, 42)};
        bench.workspace->discover().open();
        QTRY_COMPARE(bench.workspace->discover().count(), 1);
        ModelDetail& detail = bench.workspace->detail();
        detail.show("One");
        QTRY_VERIFY(detail.planned());
        MemoryBarModel* gpu = detail.gpu();
        const QAbstractItemModelTester tester(gpu, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(gpu->present() && gpu->gpu() && !gpu->over());
        QCOMPARE(detail.contextText(), QStringLiteral("32,768"));
        const auto row = [&](int part, MemoryBarModel::Role role) {
            return gpu->data(gpu->index(part), role).toString();
        };
        QCOMPARE(row(MemoryBarModel::Weights, MemoryBarModel::LabelRole),
                 QStringLiteral("Weights, 28 of 28 layers"));
        QCOMPARE(row(MemoryBarModel::Context, MemoryBarModel::TextRole), QStringLiteral("1.75 GiB"));
        QCOMPARE(row(MemoryBarModel::Context, MemoryBarModel::DeltaRole), QString());
        // A slider asks at every pixel: plans are made one at a time, and the last wish stands.
        const int before = bench.sources.discover.planned;
        for (int i = 0; i <= 100; ++i) detail.setContextPosition(i / 100.0);
        QTRY_COMPARE(row(MemoryBarModel::Context, MemoryBarModel::LabelRole),
                     QStringLiteral("Context, 131,072 tokens"));
        QVERIFY2(bench.sources.discover.planned - before <= 4,
                 qPrintable(QString::number(bench.sources.discover.planned - before)));
        QCOMPARE(row(MemoryBarModel::Context, MemoryBarModel::DeltaRole), QStringLiteral("+4.50"));
        detail.setCache(2);
        QTRY_COMPARE(row(MemoryBarModel::Context, MemoryBarModel::TextRole), QStringLiteral("1.97 GiB"));
        QCOMPARE(detail.contextPosition(), 1.0);
        detail.setCache(0);
        QTRY_VERIFY(!std::isnan(detail.fitsPosition()));
        QVERIFY(detail.contextFitsText().endsWith("fits"));
        // Layers by hand.
        detail.setContextPosition(0);
        detail.setLayersChosen(true);
        detail.setLayers(10);
        QTRY_COMPARE(row(MemoryBarModel::Weights, MemoryBarModel::LabelRole),
                     QStringLiteral("Weights, 10 of 28 layers"));
        QTRY_COMPARE(detail.verdict(), QStringLiteral("10 of 28 layers on GPU"));
        QCOMPARE(detail.severity(), QStringLiteral("half"));
        detail.setQuantization(1);
        QTRY_COMPARE(detail.downloadText(), QStringLiteral("Download 8.42 GB"));
        detail.close();
        QVERIFY(!gpu->present() && !detail.planned());
    }

    void figuresAreRight() {
        QCOMPARE(fileSizeText(4'680'000'000), QStringLiteral("4.68 GB"));
        QCOMPARE(fileSizeText(19'900'000'000), QStringLiteral("19.9 GB"));
        QCOMPARE(fileSizeText(404'000'000'000), QStringLiteral("404 GB"));
        QCOMPARE(fileSizeText(98'000'000), QStringLiteral("98 MB"));
        QCOMPARE(fileSizeText(999'700'000), QStringLiteral("1.00 GB"));
        QCOMPARE(fileSizeText(900), QStringLiteral("1 kB"));
        QCOMPARE(contextText(131072), QStringLiteral("128k"));
        QCOMPARE(parameterText(135e6), QStringLiteral("135 M"));
        QCOMPARE(rateText(28.1e6), QStringLiteral("28.1 MB/s"));
        Fit measured;
        measured.kind = Fit::InMemory;
        measured.tokensPerSecond = 42.4;
        measured.measured = true;
        QCOMPARE(speedText(measured), QStringLiteral("42 tok/s"));
    }
};

QTEST_MAIN(TestModelOffers)
#include "test_model_offers.moc"
