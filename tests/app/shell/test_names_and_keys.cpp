// A model asked for by name, errors said once, sentences in a row, shortcuts as the keys are marked.
#include "app/base/wording.h"
#include "app/shell/shortcut_list.h"
#include "tests/app/bench.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

/// Two models in the library and one in the folder, by their files' names.
MockScript library() {
    MockScript what = script({say("", "x")});
    what.models[0].info.name.clear();
    return what;
}

}  // namespace

class TestNamesAndKeys : public QObject {
    Q_OBJECT

    static bool fill(Bench& bench) {
        QDir(bench.folder.path()).mkpath("models");
        for (const char* name : {"models/SmolLM2-135M-Instruct.Q4_1.gguf", "models/gemma-3-270m-q4_k_m.gguf",
                                 "models/gemma-3-4b.gguf"}) {
            QFile file(bench.folder.filePath(name));
            if (!file.open(QIODevice::WriteOnly)) return false;
        }
        bench.workspace->start();
        return QTest::qWaitFor([&] { return bench.workspace->models().list()->count() == 3; }, 20000);
    }

private slots:
    void a_model_by_its_name() {
        Bench bench(library());
        QVERIFY(fill(bench));
        ModelController& models = bench.workspace->models();
        QVERIFY(models.selectNamed("SmolLM2 135m"));
        QTRY_COMPARE(models.state(), ModelController::Ready);
        QVERIFY(models.currentId().endsWith("SmolLM2-135M-Instruct.Q4_1.gguf"));
        QVERIFY(models.selectNamed("gemma 3 4b"));
        QTRY_VERIFY(models.currentId().endsWith("gemma-3-4b.gguf"));
        QVERIFY(!bench.workspace->toasts().visible());
    }

    void several_or_none_are_said() {
        Bench bench(library());
        QVERIFY(fill(bench));
        ModelController& models = bench.workspace->models();
        QVERIFY(!models.selectNamed("gemma"));
        QVERIFY(bench.workspace->toasts().error());
        QVERIFY2(bench.workspace->toasts().text().contains("270m") &&
                     bench.workspace->toasts().text().contains("4b"),
                 qPrintable(bench.workspace->toasts().text()));
        QVERIFY(!bench.workspace->toasts().text().contains("SmolLM2"));
        bench.workspace->toasts().dismiss();
        QVERIFY(!models.selectNamed("no such model"));
        QVERIFY2(bench.workspace->toasts().text().contains("SmolLM2"),
                 qPrintable(bench.workspace->toasts().text()));
    }

    void a_path_is_a_path() {
        Bench bench(library());
        QVERIFY(fill(bench));
        QVERIFY(bench.workspace->models().selectNamed(bench.folder.filePath("models/gemma-3-4b.gguf")));
        QTRY_VERIFY(bench.workspace->models().currentId().endsWith("gemma-3-4b.gguf"));
    }

    void an_error_is_said_once() {
        for (const bool watched : {false, true}) {
            MockScript what = script({say("", "x")});
            what.models[0].memory = {6ull << 30, 1ull << 30, 1ull << 30, 4ull << 30};
            Bench bench(what);
            bench.workspace->models().setProperty("watched", watched);
            QVERIFY(!bench.load());
            QCOMPARE(bench.workspace->models().state(), ModelController::Failed);
            QCOMPARE(bench.workspace->toasts().visible(), !watched);
        }
    }

    void sentences_in_a_row() {
        QCOMPARE(sentences("It failed.", "Try again."), "It failed. Try again.");
        QCOMPARE(sentences(QStringLiteral("失败了。"), QStringLiteral("请重试。")),
                 QStringLiteral("失败了。请重试。"));
        QCOMPARE(sentences("It failed.", ""), "It failed.");
        QCOMPARE(sentences("", "Try again."), "Try again.");
    }

    void keys_as_they_are_marked() {
        ShortcutList list;
        const auto keys = [&](const char* action) {
            for (int row = 0; row < list.rowCount(); ++row)
                if (const QModelIndex at = list.index(row);
                    at.data(ShortcutList::ActionIdRole) == QLatin1String(action))
                    return at.data(ShortcutList::KeysRole).toString();
            return QString();
        };
        QCOMPARE(keys("send"), "Enter");
        QCOMPARE(keys("newLine"), "Shift+Enter");
        QCOMPARE(keys("answerNow"), "Ctrl+Enter");
        QCOMPARE(keys("previousBranch"), QStringLiteral("Alt+←"));
        QCOMPARE(keys("nextBranch"), QStringLiteral("Alt+→"));
        QCOMPARE(keys("editLast"), QStringLiteral("↑"));
        QCOMPARE(keys("zoomIn"), "Ctrl++");
        QCOMPARE(keys("settings"), "Ctrl+,");
        QCOMPARE(list.sequence("send"), "Return");  // what Qt is told
    }
};

QTEST_MAIN(TestNamesAndKeys)
#include "test_names_and_keys.moc"
