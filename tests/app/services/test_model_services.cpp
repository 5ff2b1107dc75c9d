// From a search to a model in the list, through the real services.
#include <QSignalSpy>
#include <QtTest>

#include "tests/app/services/services_bench.h"

using namespace pellucid;
using namespace pellucid::app;

class TestModelServices : public QObject {
    Q_OBJECT

private slots:
    void theCatalogueNeedsNoNetwork() {
        Hub hub("x");
        Bench bench(hub);
        bench.workspace->discover().open();
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->discover().count() > 10, kPatience);
        QCOMPARE(hub.server.requests(), 0);
        QVERIFY(!bench.row("verdict").isEmpty());
    }

    void fromASearchToAModelThatIsLoaded() {
        Hub hub(fixture());
        QVERIFY(hub.body->size() > 1000);
        Bench bench(hub);
        bench.workspace->discover().setText("tiny");
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
        QVERIFY(!bench.workspace->discover().busy());
        ModelDetail& detail = bench.workspace->detail();
        detail.show("huggingface:somebody/Tiny-GGUF");
        QTRY_VERIFY_WITH_TIMEOUT(!detail.busy() && detail.planned(), kPatience);
        QCOMPARE(detail.problemWhat(), QString());
        QCOMPARE(detail.quantizations(), QStringList("F32"));
        QCOMPARE(detail.verdict(), QStringLiteral("Fits in memory"));
        QVERIFY(detail.system()->present() && !detail.system()->over());
        QSignalSpy ended(bench.workspace.get(), &Workspace::downloadEnded);
        detail.download();
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatience);
        QCOMPARE(ended.first().first().toString(), QStringLiteral("Tiny-GGUF, F32 is downloaded"));
        // The first model that comes is taken and loaded; its bytes are those that were published.
        QTRY_COMPARE_WITH_TIMEOUT(bench.workspace->models().state(), ModelController::Ready, kPatience);
        QFile here(bench.folder + "/models/Tiny-F32.gguf");
        QVERIFY(here.open(QIODevice::ReadOnly));
        QCOMPARE(here.readAll().toStdString(), *hub.body);
        QTRY_COMPARE(detail.place(), ModelDetail::Here);
        // Kept with its digest, so that it can be checked, and removed with what it frees.
        const QString path = here.fileName();
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto found = bench.store->models().find_by_path(path.toStdString());
                return found && *found && (*found)->repository == "somebody/Tiny-GGUF";
            }(),
            kPatience);
        bench.workspace->keeping().check(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->toasts().text().contains("is whole"), kPatience);
        bench.workspace->keeping().askRemoval(path);
        QTRY_VERIFY_WITH_TIMEOUT(bench.workspace->keeping().removalErases(), kPatience);
        bench.workspace->keeping().remove();
        QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(path), kPatience);
        // Every connection is in the list, each with what it was for.
        NetworkLedgerModel* ledger = bench.workspace->network().ledger();
        QTRY_VERIFY_WITH_TIMEOUT((ledger->setActive(false), ledger->setActive(true), ledger->count() >= 3),
                                 kPatience);
        QSet<QString> purposes;
        for (int row = 0; row < ledger->count(); ++row)
            purposes.insert(ledger->data(ledger->index(row), NetworkLedgerModel::PurposeRole).toString());
        QVERIFY(purposes.contains("Search") && purposes.contains("Download"));
    }

    void offlineNothingIsAsked() {
        Hub hub("x");
        Bench bench(hub);
        bench.workspace->network().setOffline(true);
        bench.workspace->discover().setText("tiny");
        QTRY_VERIFY_WITH_TIMEOUT(!bench.workspace->discover().problemWhat().isEmpty(), kPatience);
        QCOMPARE(hub.server.requests(), 0);
        bench.workspace->network().setOffline(false);
        bench.workspace->discover().again();
        QTRY_COMPARE_WITH_TIMEOUT(bench.row("name"), QStringLiteral("Tiny-GGUF"), kPatience);
    }
};

QTEST_MAIN(TestModelServices)
#include "test_model_services.moc"
