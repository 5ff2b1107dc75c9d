// docs add, list, search, remove on the command line, with the sandboxed reader and a tiny embedding model.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;

class TestCliDocs : public QObject {
    Q_OBJECT

    struct Ran {
        int code = -1;
        QByteArray out, err;
        QJsonDocument json() const { return QJsonDocument::fromJson(out); }
    };

    QTemporaryDir data_, files_;
    QString library_ = data_.path();

    Ran docs(QStringList arguments) {
        arguments.prepend("docs");
        arguments << "--data-dir" << library_;
        QProcess process;
        process.start(PELLUCID_CLI, arguments);
        process.closeWriteChannel();
        Ran ran;
        if (!process.waitForFinished(120000) || process.exitStatus() != QProcess::NormalExit) return ran;
        ran.code = process.exitCode();
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        return ran;
    }
    QString write(const QString& name, const QByteArray& text) {
        const QString path = files_.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) return {};
        return path;
    }

private slots:
    void the_whole_way() {
        // Nothing is there yet.
        Ran ran = docs({"list", "--json"});
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.json().array().isEmpty());
        ran = docs({"search", "moon", "--mode", "fts"});
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.err.contains("there are no documents yet"), ran.err.constData());

        const QString tides = write(
            "in/tides.md", "# Tides\n\nThe moon pulls the sea twice a day.\n\n## 潮汐\n\n潮汐由月球引起。\n");
        const QString bread = write("in/deep/bread.txt", "Bread needs flour, water and salt.\n");
        write("in/broken.pdf", "%PDF-1.4 and nothing more");
        ran = docs({"add", files_.filePath("in"), files_.filePath("nowhere.txt"), "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const QJsonArray report = ran.json().array();
        QCOMPARE(report.size(), 4);
        int indexed = 0, failed = 0;
        for (const auto& row : report) {
            const QJsonObject one = row.toObject();
            indexed += one["outcome"] == "indexed";
            failed += one["outcome"] == "failed" && !one["error"].toString().isEmpty();
        }
        QCOMPARE(indexed, 2);
        QCOMPARE(failed, 2);
        QVERIFY(ran.err.contains("no embedding model is installed"));

        ran = docs({"search", "什么引起潮汐", "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QJsonArray results = ran.json().object()["results"].toArray();
        QVERIFY(!results.isEmpty());
        QCOMPARE(results[0].toObject()["path"].toString(), tides);
        QCOMPARE(results[0].toObject()["page"].toInt(), 0);  // Markdown has no pages
        QVERIFY(results[0].toObject()["vectors"].isNull());
        QCOMPARE(results[0].toObject()["words"].toObject()["rank"].toInt(), 1);
        QVERIFY(ran.json().object()["note"].toString().contains("words alone"));
        ran = docs({"search", "moon", "--mode", "vectors"});
        QCOMPARE(ran.code, 1);

        // With a model: what is known is only embedded.
        const QString model = QStringLiteral(PELLUCID_FIXTURES) + "/encoders/bert.gguf";
        ran = docs({"add", files_.filePath("in"), "--model", model});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY2(ran.out.contains("0 files indexed"), ran.out.constData());
        ran = docs({"search", "flour", "--json", "--type", "txt"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        results = ran.json().object()["results"].toArray();
        QCOMPARE(results.size(), 1);
        QCOMPARE(results[0].toObject()["path"].toString(), bread);
        QVERIFY(!results[0].toObject()["vectors"].isNull());
        const QString questions = write("questions.txt", "flour\nmoon\n");
        ran = docs({"search", "--file", questions, "--json", "--mode", "vectors", "--limit", "1"});
        QCOMPARE(ran.out.count('\n'), 2);
        // For people.
        ran = docs({"search", "flour"});
        QVERIFY2(ran.out.contains("bread.txt") && ran.out.contains("words #1"), ran.out.constData());

        ran = docs({"list", "--json"});
        QCOMPARE(ran.json().array().size(), 3);
        ran = docs({"list", "--failed"});
        QVERIFY2(ran.out.contains("broken.pdf: ") && !ran.out.contains("bread"), ran.out.constData());
        ran = docs({"list", "--collection", "none"});
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.err.contains("there are: Documents"));

        ran = docs({"remove", bread});
        QVERIFY2(ran.code == 0 && ran.out.startsWith("1 documents"), ran.err.constData());
        ran = docs({"search", "flour", "--mode", "fts", "--json"});
        QVERIFY(ran.json().object()["results"].toArray().isEmpty());
        QVERIFY(QFile::exists(bread));
        ran = docs({"remove", bread});
        QCOMPARE(ran.code, 1);
    }

    // The tiny model writes noise: what is tested is the way there and back.
    void ask() {
        QTemporaryDir folder, plain;  // without the embedding model, to which everything is near
        library_ = plain.path();
        const auto back = qScopeGuard([&] { library_ = data_.path(); });
        const QString chat =
            QString::fromStdString(test::write_tiny_model(folder, test::kTinyTemplate, 4096));
        const auto asked = [&](const QString& question, QStringList more = {}) {
            return docs(QStringList{"ask", question, "--model", chat, "--max-tokens", "12", "--seed", "7"} +
                        more);
        };
        write("ask/tides.md", "# Tides\n\nThe moon pulls the sea twice a day.\n");
        write("ask/bread.md", "# Bread\n\nBread needs flour, water and salt.\n");
        QCOMPARE(docs({"add", files_.filePath("ask")}).code, 0);
        Ran ran = asked("What pulls the sea?", {"--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const QList<QByteArray> lines = ran.out.trimmed().split('\n');
        QVERIFY(lines.size() >= 2);
        const QJsonObject first = QJsonDocument::fromJson(lines.first()).object();
        const QJsonObject last = QJsonDocument::fromJson(lines.last()).object();
        QCOMPARE(first["question"].toString(), QStringLiteral("What pulls the sea?"));
        QCOMPARE(first["passages"].toArray().at(0).toObject()["document"].toString(),
                 QStringLiteral("Tides"));
        QVERIFY(!last["outcome"].toString().isEmpty() && last["timings"].isObject());
        // What a model says that no document bears out is not passed off as theirs; their own words are.
        QVERIFY(last["outcome"].toString() != QLatin1String("answered"));
        const QJsonObject near = last["nearest"].toArray().at(0).toObject();
        QVERIFY2(near["quote"].toString().contains("The moon pulls the sea"), lines.last().constData());
        ran = asked("What pulls the sea?", {"--show-prompt"});
        QVERIFY2(ran.code == 0 && ran.err.contains("Question: What pulls the sea?"), ran.err.constData());
        QVERIFY(ran.out.contains("Nearest in the documents"));

        // Nothing near: the model is not even asked.
        ran = asked("quantum chromodynamics", {"--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY2(ran.out.contains("\"outcome\":\"nothing found\""), ran.out.constData());
        ran = asked("quantum chromodynamics");
        QVERIFY(ran.out.startsWith("This is not in your documents."));
        // A model without a template goes on from "Answer:".
        QTemporaryDir base;
        ran = docs({"ask", "What pulls the sea?", "--model",
                    QString::fromStdString(test::write_tiny_model(base, "", 4096)), "--max-tokens", "4",
                    "--show-prompt"});
        QVERIFY2(ran.code == 0 && ran.err.contains("\nAnswer:"), ran.err.constData());

        QCOMPARE(asked("x", {"--collection", "none"}).code, 1);
        QCOMPARE(asked("x", {"--context", "half"}).code, 2);
        QCOMPARE(docs({"ask", "x"}).code, 2);
        ran = asked("   ");
        QVERIFY2(ran.code == 1 && ran.err.contains("the question is empty"), ran.err.constData());
    }

    // The model that comes with the program, where it is at hand (PELLUCID_MODELS).
    void ask_the_starter() {
        const QString starter = qEnvironmentVariable("PELLUCID_MODELS") + "/SmolLM2-135M-Instruct.Q4_1.gguf";
        if (!QFile::exists(starter)) QSKIP("PELLUCID_MODELS does not name a folder with the starter");
        QTemporaryDir folder;
        library_ = folder.path();
        const auto back = qScopeGuard([&] { library_ = data_.path(); });
        write("starter/handbook.md",
              "# Lanark works handbook\n\n## Pump\n\nThe pump of the Lanark works holds 40 litres and was "
              "built "
              "in 1987. It must not be opened under pressure.\n\n## Filter\n\nThe filter is cleaned once a "
              "month "
              "with warm water.\n\n## 油箱\n\n油箱的容量是九十升，每年检查一次。\n");
        write("starter/bread.md",
              "# Bread\n\nBread needs flour, water and salt. It is baked for 45 minutes.\n");
        QCOMPARE(docs({"add", files_.filePath("starter")}).code, 0);
        const auto asked = [&](const QString& question) {
            const Ran ran =
                docs({"ask", question, "--model", starter, "--max-tokens", "80", "--temp", "0", "--json"});
            if (ran.code != 0) qWarning("%s", ran.err.constData());
            return QJsonDocument::fromJson(ran.out.trimmed().split('\n').last()).object();
        };
        QJsonObject last = asked("How often is the filter of the Lanark works cleaned?");
        QVERIFY2(last["text"].toString().contains("month"), qPrintable(last["text"].toString()));
        QCOMPARE(last["outcome"].toString(), QStringLiteral("answered"));
        const QJsonObject source = last["sources"].toArray().at(0).toObject();
        QVERIFY(source["path"].toString().endsWith("handbook.md"));
        QVERIFY2(source["quote"].toString().contains("once a month"), qPrintable(source["quote"].toString()));
        // It knows no Chinese: the document's own words are what a person gets, nothing is passed off as
        // them.
        last = asked("油箱的容量是多少升？");
        if (last["outcome"] != QLatin1String("answered"))
            QVERIFY(last["nearest"].toArray().at(0).toObject()["quote"].toString().contains("九十升"));
        last = asked("What is the capital of Mongolia?");
        QVERIFY2(last["outcome"] != QLatin1String("answered"), qPrintable(last["text"].toString()));
    }

    void wrong_uses() {
        QCOMPARE(docs({"search"}).code, 2);
        QCOMPARE(docs({"search", "a", "--mode", "magic"}).code, 2);
        QCOMPARE(docs({"add"}).code, 2);
        QCOMPARE(docs({"add", files_.filePath("none")}).code, 1);
        QCOMPARE(docs({"search", "a", "--mode", "rerank"}).code, 2);
        const Ran ran = docs({"search", "a", "--mode", "rerank", "--judge", files_.filePath("none.gguf")});
        QVERIFY2(ran.code == 1 && ran.err.contains("none.gguf"), ran.err.constData());
    }
};

QTEST_APPLESS_MAIN(TestCliDocs)
#include "test_cli_docs.moc"
