// models search, plan, pull, add, verify, remove: the whole way of a model on the command line, against a
// server that speaks as both hubs do.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

class TestCliModels : public QObject {
    Q_OBJECT

    struct Ran {
        int code = -1;
        QByteArray out, err;
        QJsonDocument json() const { return QJsonDocument::fromJson(out); }
    };

    QTemporaryDir data_;
    QProcess server_;
    QString endpoint_;

    Ran models(QStringList arguments, const QString& token = {}, bool asks = true) {
        arguments.prepend("models");
        const QString& command = arguments[1];
        if (asks) arguments << "--endpoint" << endpoint_;
        if (command != "search") arguments << "--data-dir" << data_.path();
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("HF_TOKEN");
        if (!token.isEmpty()) environment.insert("HF_TOKEN", token);
        process.setProcessEnvironment(environment);
        process.start(PELLUCID_CLI, arguments);
        process.closeWriteChannel();
        Ran ran;
        if (!process.waitForFinished(120000) || process.exitStatus() != QProcess::NormalExit) return ran;
        ran.code = process.exitCode();
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        return ran;
    }

private slots:
    void initTestCase() {
        server_.start("python3",
                      {QStringLiteral(PELLUCID_FIXTURES) + "/hub/hub_server.py", "--filler", "40"});
        if (!server_.waitForStarted()) QSKIP("no python3 here");
        QTRY_VERIFY_WITH_TIMEOUT(
            server_.canReadLine() || (server_.waitForReadyRead(100) && server_.canReadLine()), 60000);
        const QByteArray line = server_.readLine();
        QVERIFY2(line.startsWith("port "), line.constData());
        endpoint_ = "http://127.0.0.1:" + line.mid(5).trimmed();
    }
    void cleanupTestCase() {
        server_.closeWriteChannel();
        if (!server_.waitForFinished(10000)) server_.kill();
        server_.waitForFinished(10000);
    }

    void search() {
        for (const char* hub : {"hf", "ms"}) {
            const Ran all = models({"search", "filler", "--hub", hub, "--limit", "35", "--json"});
            QVERIFY2(all.code == 0, all.err.constData());
            QCOMPARE(all.json().array().size(), 35);  // two pages
        }
        const Ran gated = models({"search", "gated"});
        QVERIFY2(gated.out.contains("author lets in"), gated.out.constData());
        const Ran catalogue = models({"search", "distill", "--catalogue", "--json"}, {}, false);
        QCOMPARE(catalogue.json().array().size(), 6);
        QCOMPARE(models({"search", "--hub", "nowhere"}).code, 1);
        QCOMPARE(models({"search", "--limit", "0"}).code, 2);
    }

    void plan_before_a_byte_of_weights() {
        const Ran ran = models({"plan", "tiny-models/Llama-Tiny-GGUF", "--json"});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const QJsonArray variants = ran.json().object()["variants"].toArray();
        QCOMPARE(variants.size(), 2);
        int offered = 0;
        for (const QJsonValue& variant : variants) {
            offered += variant["offered"].toBool();
            const QJsonObject device = variant["devices"][0].toObject();
            QVERIFY(device["verdict"].toString() == "fits" || device["verdict"].toString() == "tight");
            QVERIFY(device["total"].toDouble() > 0 && device["tokens_per_second"].toDouble() > 0);
        }
        QCOMPARE(offered, 1);
        const Ran refused = models({"plan", "tiny-models/Gated-GGUF"});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.out.isEmpty() && refused.err.contains("accept the terms"), refused.err.constData());
        QCOMPARE(models({"plan", "tiny-models/Gated-GGUF"}, "good").code, 0);
        QCOMPARE(models({"plan", "tiny-models/No-Files-Of-Ours"}).code, 1);
        QCOMPARE(models({"plan", "tiny-models/Llama-Tiny-GGUF", "--kv", "q99"}).code, 2);
        QCOMPARE(models({"plan", "not in the catalogue"}).code, 1);
    }

    void the_way_of_a_model() {
        const Ran pulled = models({"pull", "tiny-models/Llama-Tiny-GGUF", "--quant", "q8_0"});
        QVERIFY2(pulled.code == 0, pulled.err.constData());
        QCOMPARE(pulled.out.trimmed(), QByteArray("Llama-Tiny-Q8_0"));
        const QString path = data_.filePath("models/tiny-models_Llama-Tiny-GGUF/Llama-Tiny-Q8_0.gguf");
        QFile file(path), source(QStringLiteral(PELLUCID_FIXTURES) + "/architectures/llama_tied.gguf");
        QVERIFY(file.open(QIODevice::ReadOnly) && source.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), source.readAll());
        file.close();

        const Ran listed = models({"list", "--json"}, {}, false);
        QCOMPARE(listed.json().array().size(), 1);
        QCOMPARE(listed.json()[0]["path"].toString(), path);
        const Ran whole = models({"verify", "llama-tiny", "--json"}, {}, false);
        QVERIFY2(whole.code == 0, whole.err.constData());
        QVERIFY(whole.json()[0]["whole"].toBool() && !whole.json()[0]["first_time"].toBool());

        // Three bytes rot.
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(file.size() - 1000);
        QVERIFY(file.write("rot") == 3);
        file.close();
        const Ran damaged = models({"verify"}, {}, false);
        QCOMPARE(damaged.code, 1);
        QVERIFY2(damaged.out.contains("DAMAGED"), damaged.out.constData());

        const Ran asked = models({"remove", "llama-tiny"}, {}, false);
        QVERIFY(asked.code == 0 && asked.out.contains("would be deleted") && QFile::exists(path));
        const Ran removed = models({"remove", "llama-tiny", "--yes"}, {}, false);
        QVERIFY2(removed.code == 0 && removed.out.contains(" kB freed"), removed.out.constData());
        QVERIFY(!QFile::exists(path));
        QCOMPARE(models({"list", "--json"}, {}, false).json().array().size(), 0);
    }

    void from_a_plain_address() {
        const Ran pulled =
            models({"pull", endpoint_ + "/tiny-models/Llama-Tiny-GGUF/resolve/main/Llama-Tiny-F32.gguf"});
        QVERIFY2(pulled.code == 0, pulled.err.constData());
        QVERIFY(QFile::exists(data_.filePath("models/Llama-Tiny-F32/Llama-Tiny-F32.gguf")));
    }

    void what_is_here_is_entered_where_it_lies() {
        QTemporaryDir elsewhere;
        const QString path = elsewhere.filePath("My-Model.gguf");
        QVERIFY(QFile::copy(QStringLiteral(PELLUCID_FIXTURES) + "/architectures/llama.gguf", path));
        const Ran added = models({"add", path}, {}, false);
        QVERIFY2(added.code == 0, added.err.constData());
        QCOMPARE(added.out.trimmed(), QByteArray("My-Model"));
        const Ran removed = models({"remove", "my-model", "--yes"}, {}, false);
        QVERIFY2(removed.code == 0, removed.err.constData());
        QVERIFY(QFile::exists(path));  // not ours to delete
        QCOMPARE(models({"add", elsewhere.filePath("nothing.gguf")}, {}, false).code, 1);
        QCOMPARE(models({"verify", "my-model"}, {}, false).code, 1);
    }
};

QTEST_GUILESS_MAIN(TestCliModels)
#include "test_cli_models.moc"
