// models search, plan, pull, add, verify, remove, found, duplicates, orphans, move: the whole way of a model
// on the command line, against a server that speaks as both hubs do.
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

#include "tests/engine/runtime/tiny_model.h"

class TestCliModels : public QObject {
    Q_OBJECT

    struct Ran {
        int code = -1;
        QByteArray out, err;
        QJsonDocument json() const { return QJsonDocument::fromJson(out); }
    };

    QTemporaryDir data_, home_;
    QProcess server_;
    QString endpoint_;

    Ran models(QStringList arguments, const QString& token = {}, bool asks = true) {
        arguments.prepend("models");
        const QString& command = arguments[1];
        if (asks) arguments << "--endpoint" << endpoint_;
        if (command != "search" && !arguments.contains("--data-dir"))
            arguments << "--data-dir" << data_.path();
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("HF_TOKEN");
        // No other program's models but those that a test puts there.
        environment.insert("HOME", home_.path());
        for (const char* name : {"OLLAMA_MODELS", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                 "LLAMA_CACHE", "HF_HOME", "HF_HUB_CACHE"})
            environment.remove(name);
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

    void what_ollama_has_is_found_entered_with_its_adapter_and_kept_once() {
        QTemporaryDir data, tiny;
        const QString path = QString::fromStdString(pellucid::test::write_tiny_model(tiny));
        const auto bytes = [](const QString& file) {
            QFile in(file);
            return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
        };
        const QString root = home_.filePath(".ollama/models");
        QVERIFY(QDir().mkpath(root + "/blobs") &&
                QDir().mkpath(root + "/manifests/registry.ollama.ai/me/tuned"));
        const auto layer = [&](const char* kind, const QByteArray& content) {
            const QByteArray hash = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
            QFile blob(root + "/blobs/sha256-" + QString::fromLatin1(hash));
            if (blob.open(QIODevice::WriteOnly)) blob.write(content);
            return "{\"mediaType\":\"application/vnd.ollama.image." + QByteArray(kind) +
                   "\",\"digest\":\"sha256:" + hash + "\",\"size\":" + QByteArray::number(content.size()) +
                   "}";
        };
        QFile manifest(root + "/manifests/registry.ollama.ai/me/tuned/latest");
        QVERIFY(manifest.open(QIODevice::WriteOnly));
        manifest.write("{\"schemaVersion\":2,\"layers\":[" + layer("model", bytes(path)) + "," +
                       layer("adapter", bytes(QStringLiteral(PELLUCID_FIXTURES) +
                                              "/folders/quantized/lora_first.gguf")) +
                       "]}");
        manifest.close();
        const auto of = [&](QStringList arguments) {
            return models(arguments << "--data-dir" << data.path(), {}, false);
        };
        const Ran found = of({"found", "--json"});
        QVERIFY2(found.code == 0, found.err.constData());
        QCOMPARE(found.json()[0]["name"].toString(), QString("me/tuned:latest"));
        QCOMPARE(found.json()[0]["adapters"].toArray().size(), 1);
        QCOMPARE(of({"add", "me/none:latest"}).code, 1);
        const Ran added = of({"add", "me/tuned:latest"});
        QVERIFY2(added.code == 0, added.err.constData());
        QCOMPARE(added.out.trimmed(), QByteArray("me/tuned:latest"));
        const Ran listed = of({"list", "--json"});
        QCOMPARE(listed.json()[0]["id"].toString(), QString("me/tuned:latest"));
        QCOMPARE(listed.json()[0]["source"].toString(), QString("ollama"));
        QCOMPARE(listed.json()[0]["repository"].toString(), QString("me/tuned"));
        QVERIFY(of({"list"}).out.contains("(ollama, me/tuned"));

        // It runs with its adapter, and says so; without only where that is asked for.
        const auto run = [&](QStringList more) {
            QProcess process;
            process.start(PELLUCID_CLI, QStringList{"run", "--model", listed.json()[0]["path"].toString(),
                                                    "--data-dir", data.path(), "--prompt", "Hello",
                                                    "--temp", "0", "--max-tokens", "16", "--ctx", "256"} +
                                            more);
            process.closeWriteChannel();
            Ran ran;
            if (!process.waitForFinished(120000)) return ran;
            ran.code = process.exitCode();
            ran.out = process.readAllStandardOutput();
            ran.err = process.readAllStandardError();
            return ran;
        };
        const Ran with = run({});
        QVERIFY2(with.code == 0 && with.err.contains("adapter: "), with.err.constData());
        const QString adapter = found.json()[0]["adapters"][0].toString();
        const Ran without = run({"--lora", adapter + ":0"});
        QVERIFY2(without.code == 0, without.err.constData());
        QVERIFY(with.out != without.out);

        // The same bytes in our own folder.
        QVERIFY(QDir().mkpath(data.filePath("models")));
        QVERIFY(QFile::copy(path, data.filePath("models/mine.gguf")));
        const Ran twice = of({"duplicates", "--json"});
        QVERIFY2(twice.code == 0, twice.err.constData());
        QCOMPARE(twice.json().array().size(), 1);
        QCOMPARE(twice.json()[0]["files"].toArray().size(), 2);
        QVERIFY(twice.json()[0]["reclaimable"].toDouble() > 0);
        QVERIFY(of({"duplicates"}).out.contains("would come free"));
        const Ran linked = of({"duplicates", "--yes", "--json"});
        QCOMPARE(linked.json()[0]["linked"].toArray().size(), 1);
        QCOMPARE(bytes(data.filePath("models/mine.gguf")), bytes(path));
    }

    void orphans_are_shown_then_deleted() {
        QTemporaryDir data;
        QVERIFY(QDir().mkpath(data.filePath("models")));
        for (const char* name : {"models/left.gguf.part", "models/notes.txt", "models/mine.gguf"}) {
            QFile file(data.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray(2000, 'x'));
        }
        const auto of = [&](QStringList arguments) {
            return models(arguments << "--data-dir" << data.path(), {}, false);
        };
        const Ran shown = of({"orphans", "--json"});
        QVERIFY2(shown.code == 0, shown.err.constData());
        QCOMPARE(shown.json()["files"].toArray().size(), 2);
        QCOMPARE(shown.json()["put_there_by_hand"].toArray().size(), 1);
        QVERIFY(of({"orphans"}).out.contains("would come free"));
        QVERIFY(QFile::exists(data.filePath("models/notes.txt")));
        const Ran gone = of({"orphans", "--yes"});
        QVERIFY2(gone.code == 0 && gone.out.contains("4 kB freed"), gone.out.constData());
        QVERIFY(!QFile::exists(data.filePath("models/notes.txt")));
        QVERIFY(QFile::exists(data.filePath("models/mine.gguf")));  // a model that somebody put there
    }

    void the_library_moves() {
        QTemporaryDir data, disk;
        QVERIFY(QDir().mkpath(data.filePath("models")));
        QVERIFY(QFile::copy(QStringLiteral(PELLUCID_FIXTURES) + "/architectures/llama.gguf",
                            data.filePath("models/Moved.gguf")));
        const auto of = [&](QStringList arguments) {
            return models(arguments << "--data-dir" << data.path(), {}, false);
        };
        QCOMPARE(of({"add", data.filePath("models/Moved.gguf")}).code, 0);
        QCOMPARE(of({"move"}).code, 2);
        QCOMPARE(of({"move", disk.filePath("x"), "--resume"}).code, 2);
        QCOMPARE(of({"move", "--resume"}).code, 1);
        const Ran inside = of({"move", data.filePath("models/inner"), "--yes"});
        QVERIFY2(inside.code == 1 && inside.err.contains("lie in one another"), inside.err.constData());
        const Ran plan = of({"move", disk.filePath("there"), "--json"});
        QVERIFY2(plan.code == 0, plan.err.constData());
        QVERIFY(plan.json()["fits"].toBool() && !plan.json()["moved"].toBool());
        QVERIFY(QFile::exists(data.filePath("models/Moved.gguf")));
        const Ran moved = of({"move", disk.filePath("there"), "--yes"});
        QVERIFY2(moved.code == 0, moved.err.constData());
        QVERIFY(!QFile::exists(data.filePath("models/Moved.gguf")));
        QCOMPARE(of({"list", "--json"}).json()[0]["path"].toString(), disk.filePath("there/Moved.gguf"));
        QCOMPARE(of({"verify", "moved"}).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestCliModels)
#include "test_cli_models.moc"
