// The downloads drawer's model and the network page's: what is said, and how little is done for it.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QtTest>

#include "app/models/download_list_model.h"
#include "app/models/network_controller.h"
#include "app/models/scripted_sources.h"

using namespace pellucid::app;

namespace {

DownloadState download(const char* id, DownloadState::Phase phase, quint64 bytes, quint64 total) {
    DownloadState state;
    state.id = QString::fromLatin1(id);
    state.modelId = QStringLiteral("model-") + state.id;
    state.name = QStringLiteral("Model ") + state.id;
    state.phase = phase;
    state.bytes = bytes;
    state.total = total;
    return state;
}

}  // namespace

class TestModelDownloads : public QObject {
    Q_OBJECT

private slots:
    void everyPhaseIsSaid() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 1);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        DownloadState running = download("a", DownloadState::Running, 3'050'000'000, 4'920'000'000);
        running.rate = 28.1e6;
        running.secondsLeft = 66;
        source.put(running);
        source.put(download("b", DownloadState::Checking, 112'000'000, 112'000'000));
        DownloadState retrying = download("c", DownloadState::Retrying, 181'000'000, 484'000'000);
        retrying.retryIn = 8;
        retrying.problem = {"Connection lost.", ""};
        source.put(retrying);
        source.put(download("d", DownloadState::Queued, 0, 2'490'000'000));
        DownloadState failed = download("e", DownloadState::Failed, 1'200'000'000, 18'600'000'000);
        failed.problem = {"The disk is full.", "Free 17.4 GB."};
        source.put(failed);
        QTRY_COMPARE(model.count(), 5);
        QTRY_COMPARE(model.item(4)->status(), QStringLiteral("The disk is full."));
        QCOMPARE(model.item(0)->figures(), QStringLiteral("3.05 of 4.92 GB"));
        QCOMPARE(model.item(0)->status(), QStringLiteral("28.1 MB/s · 1 min 6 s left"));
        QCOMPARE(model.item(1)->status(), QStringLiteral("Checking SHA-256"));
        QCOMPARE(model.item(1)->figures(), QStringLiteral("112 MB"));
        QCOMPARE(model.item(2)->status(), QStringLiteral("Connection lost. Retrying in 8 s"));
        QCOMPARE(model.item(2)->figures(), QStringLiteral("181 of 484 MB"));
        QCOMPARE(model.item(3)->status(), QStringLiteral("Waiting"));
        QCOMPARE(model.item(4)->hint(), QStringLiteral("Free 17.4 GB."));
        model.setFreeDisk(219e9);
        QCOMPARE(
            model.summary(),
            QStringLiteral("1 running, 1 checking, 2 waiting, 1 failed · 28.1 MB/s · 197 GB free after"));
        model.setFreeDisk(1e9);
        QVERIFY2(model.summary().endsWith("too little space"), qPrintable(model.summary()));
        model.pauseAll();
        QCOMPARE(source.calls, (QStringList{"pause a", "pause c", "pause d"}));
        QTRY_VERIFY(model.canResumeAll());
        model.resumeAll();
        QTRY_VERIFY(model.canPauseAll());
        model.cancel("a");
        QTRY_COMPARE(model.count(), 4);
        QVERIFY(!model.ofModel("model-a"));
        QVERIFY(model.ofModel("model-b"));
    }

    // A source that reports each block costs the window nothing: rows change a few times, the last word
    // counts.
    void reportsAreTakenTogether() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 100);
        for (int i = 0; i < 20; ++i)
            source.put(download(qPrintable(QString::number(i)), DownloadState::Running, 0, 5'000'000'000));
        QTRY_COMPARE(model.count(), 20);
        const int before = model.updates();
        QSignalSpy changes(model.item(7), &DownloadItem::shareChanged);
        for (quint64 step = 1; step <= 2000; ++step) {
            DownloadState state = download("7", DownloadState::Running, step * 2'000'000, 5'000'000'000);
            source.put(state);
        }
        QTRY_COMPARE(model.item(7)->share(), 0.8);
        QVERIFY2(model.updates() - before <= 20, qPrintable(QString::number(model.updates() - before)));
        QVERIFY(changes.count() <= 20);
    }

    void whatHappensIsShownAtOnce() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 1'000'000);  // counting on would wait for a quarter of an hour
        DownloadState a = download("a", DownloadState::Running, 1'000'000'000, 5'000'000'000);
        source.put(a);
        source.put(download("b", DownloadState::Queued, 0, 5'000'000'000));
        QCOMPARE(model.count(), 2);
        a.bytes = 2'000'000'000;
        source.put(a);
        QCOMPARE(model.item(0)->figures(), QStringLiteral("1.00 of 5.00 GB"));
        a.phase = DownloadState::Paused;
        source.put(a);
        QCOMPARE(model.item(0)->phase(), QStringLiteral("paused"));
        QCOMPARE(model.item(0)->figures(), QStringLiteral("2.00 of 5.00 GB"));
        source.cancel("b");
        QCOMPARE(model.count(), 1);
    }

    // However many downloads report: one row's figures change at a time, and all of them in the end.
    void figuresTakeTurns() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 1);
        for (int i = 0; i < 6; ++i)
            source.put(download(qPrintable(QString::number(i)), DownloadState::Running, 0, 5'000'000'000));
        QCOMPARE(model.count(), 6);
        int texts = 0;
        for (int row = 0; row < 6; ++row)
            connect(model.item(row), &DownloadItem::figuresChanged, this, [&] { ++texts; });
        for (DownloadState& state : source.states) state.bytes = 1'000'000'000;
        source.put(source.states.front());
        const auto said = [&] {
            for (int row = 0; row < 6; ++row)
                if (model.item(row)->figures() != QLatin1String("1.00 of 5.00 GB")) return false;
            return true;
        };
        QVERIFY(!said());
        QTRY_VERIFY(said());
        QCOMPARE(texts, 6);
    }

    // What one round costs the GUI thread, with more downloads than anybody has. Printed for the note.
    void theCostOfARound() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 0);
        for (int i = 0; i < 50; ++i)
            source.put(download(qPrintable(QString::number(i)), DownloadState::Running, 0, 5'000'000'000));
        QTRY_COMPARE(model.count(), 50);
        QElapsedTimer timer;
        timer.start();
        constexpr int kRounds = 200;
        for (int round = 1; round <= kRounds; ++round) {
            for (auto& state : source.states) state.bytes += 1'000'000;
            source.put(source.states.front());
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(model.item(49)->figures(), QStringLiteral("0.20 of 5.00 GB"));
        qInfo("a round over 50 downloads: %.3f ms",
              static_cast<double>(timer.nsecsElapsed()) / 1e6 / kRounds);
    }

    void aFinishedOneIsToldOnceAndLeaves() {
        ScriptedDownloads source;
        source.states = {download("old", DownloadState::Done, 10, 10)};
        DownloadListModel model(source);
        model.setTimes(150, 1);
        QSignalSpy finished(&model, &DownloadListModel::finished), failed(&model, &DownloadListModel::failed);
        source.put(download("a", DownloadState::Running, 5, 10));
        QTRY_VERIFY(model.ofModel("model-a"));
        DownloadState done = download("a", DownloadState::Done, 10, 10);
        done.path = "/models/a.gguf";
        source.put(done);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished.first().at(1).toString(), QStringLiteral("/models/a.gguf"));
        QTRY_COMPARE(model.count(), 0);
        // The source still lists it; it does not come back, and is not told again.
        source.put(done);
        source.put(download("b", DownloadState::Running, 1, 10));
        QTRY_COMPARE(model.count(), 1);
        QCOMPARE(finished.count(), 1);
        DownloadState broken = download("b", DownloadState::Failed, 1, 10);
        broken.problem = {"No space.", "Free some."};
        source.put(broken);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().at(1).toString(), QStringLiteral("No space."));
    }

    void theQueueMayBeReordered() {
        ScriptedDownloads source;
        DownloadListModel model(source);
        model.setTimes(60000, 1);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const char* id : {"a", "b", "c", "d"}) source.put(download(id, DownloadState::Queued, 0, 10));
        QTRY_COMPARE(model.count(), 4);
        source.states = {source.states[3], source.states[1], source.states[0]};
        source.states[0].phase = DownloadState::Running;
        source.put(source.states[0]);
        QTRY_COMPARE(model.count(), 3);
        QTRY_COMPARE(model.item(0)->downloadId(), QStringLiteral("d"));
        QCOMPARE(model.item(1)->downloadId(), QStringLiteral("b"));
        QCOMPARE(model.item(2)->downloadId(), QStringLiteral("a"));
    }

    void theLedgerGrowsAtItsTop() {
        ScriptedNetwork source;
        NetworkLedgerModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto row = [](qint64 id, const char* host, quint64 bytes, bool refused = false) {
            return LedgerRow{id, 1000 * id, host, "download", "A model", bytes, 10, refused};
        };
        source.add(row(1, "one.example", 100));
        QCOMPARE(model.count(), 0);  // nobody looks
        model.setActive(true);
        QTRY_COMPARE(model.count(), 1);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset),
            inserts(&model, &QAbstractItemModel::rowsInserted);
        source.add(row(2, "two.example", 4'000'000'000));
        source.add(row(3, "three.example", 0, true));
        QTRY_COMPARE(model.count(), 3);
        QCOMPARE(model.data(model.index(0), NetworkLedgerModel::HostRole).toString(),
                 QStringLiteral("three.example"));
        QCOMPARE(model.data(model.index(0), NetworkLedgerModel::BytesRole).toString(),
                 QStringLiteral("Refused: offline"));
        QCOMPARE(model.data(model.index(1), NetworkLedgerModel::BytesRole).toString(),
                 QStringLiteral("4.00 GB"));
        QCOMPARE(resets.count(), 0);
        source.ledger[1].received = 4'100'000'000;  // it runs on
        source.add(row(4, "four.example", 5));
        QTRY_COMPARE(model.count(), 4);
        QTRY_COMPARE(model.data(model.index(2), NetworkLedgerModel::BytesRole).toString(),
                     QStringLiteral("4.10 GB"));
        QCOMPARE(resets.count(), 0);
        model.forget();
        QTRY_COMPARE(model.count(), 0);
        QCOMPARE(model.totalText(), QString());
    }

    void choicesAreKeptAndUsed() {
        MemorySettingStore store;
        {
            ScriptedNetwork source;
            MemoryTokenKeeper keychain;
            NetworkController network(source, keychain, store);
            network.start();
            QVERIFY(!source.choices.offline);
            network.setOffline(true);
            QVERIFY(source.choices.offline);
            network.setEndpoint("https://hf-mirror.example");
            network.setEndpoint("nonsense");
            QCOMPARE(source.choices.endpoint, QStringLiteral("https://hf-mirror.example"));
            network.setProxy(NetworkChoices::Manual);
            network.setProxyUrl("http://proxy.example:3128");
            network.setLimit(500);
            network.setHours(22 * 60, 6 * 60 + 30);
            network.setHours(22 * 60, 24 * 60);  // no minute of a day
            QVERIFY(network.scheduled());
            network.setMirrors("https://one.example/, ftp://two.example");
            QCOMPARE(network.mirrors(), QString());
            network.setMirrors("https://one.example/,,https://two.example, https://one.example");
            QCOMPARE(network.mirrors(), QStringLiteral("https://one.example, https://two.example"));
            network.keepToken(" hf_secret ");
            QTRY_COMPARE(source.choices.token, QStringLiteral("hf_secret"));
            QCOMPARE(keychain.token, QStringLiteral("hf_secret"));
            QVERIFY(network.tokenKept());
            for (const QVariant& value : store.read({})) QVERIFY(!value.toString().contains("secret"));
            QCOMPARE(network.changedKeys(),
                     (QStringList{"offline", "endpoint", "proxy", "proxyUrl", "limit", "hours", "mirrors"}));
        }
        ScriptedNetwork source;
        MemoryTokenKeeper keychain;
        keychain.problem = {"No keychain.", "Until the end."};
        NetworkController again(source, keychain, store);
        again.start();
        QVERIFY(source.choices.offline);
        QCOMPARE(source.choices.limit, 500);
        QCOMPARE(source.choices.fromMinute, 22 * 60);
        QCOMPARE(source.choices.toMinute, 6 * 60 + 30);
        QCOMPARE(source.choices.mirrors, QStringList({"https://one.example", "https://two.example"}));
        QCOMPARE(source.choices.proxy, int(NetworkChoices::Manual));
        again.keepToken("hf_other");
        QTRY_COMPARE(again.tokenProblem(), QStringLiteral("No keychain. Until the end."));
        QCOMPARE(source.choices.token, QStringLiteral("hf_other"));  // for this session
        for (const char* key : {"offline", "endpoint", "proxy", "proxyUrl", "limit", "hours", "mirrors"})
            again.reset(QString::fromLatin1(key));
        QCOMPARE(again.changedKeys(), QStringList());
        QVERIFY(store.read({}).isEmpty());
        QVERIFY(NetworkController::isAddress("socks5h://127.0.0.1:1080"));
        QVERIFY(!NetworkController::isAddress("file:///etc/passwd"));
        QVERIFY(!NetworkController::isAddress("https://"));
    }
};

QTEST_MAIN(TestModelDownloads)
#include "test_model_downloads.moc"
