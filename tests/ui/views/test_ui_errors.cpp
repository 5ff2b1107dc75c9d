// What engine and storage refuse is said in the language of the window.
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QtTest>

#include "app/base/error_text.h"
#include "app/store/storage_store.h"
#include "engine/model/adapter.h"
#include "engine/model/encoder_file.h"
#include "engine/model/model_file.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_engine.h"
#include "storage/store.h"
#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

/// All string literals of a source file, joined.
QString literalsOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    static const QRegularExpression literal(QStringLiteral("\"((?:[^\"\\\\\n]|\\\\.)*)\""));
    QString text;
    const QString source = QString::fromUtf8(file.readAll());
    for (auto match = literal.globalMatch(source); match.hasNext();) text += match.next().captured(1);
    return text.replace(QStringLiteral("\\\""), QStringLiteral("\""));
}

/// What stays as it is in a Chinese sentence: paths, names in quotes, identifiers, numbers.
QString withoutNames(QString text) {
    static const QRegularExpression names(
        QStringLiteral("/[^\\s：，；]+|'[^']*'|\"[^\"]*\"|\\S*[_.]\\S*|\\b[A-Z][A-Za-z0-9-]*\\b|--[a-z-]+"));
    return text.remove(names);
}

QStringList englishLeft(const Error& error) {
    static const QRegularExpression words(QStringLiteral("[a-z]{2,} [a-z]{2,}"));
    QStringList left;
    for (const QString& text : {app::whatOf(error), app::hintOf(error)})
        if (words.match(withoutNames(text)).hasMatch()) left.append(text);
    return left;
}

}  // namespace

class TestUiErrors : public QObject {
    Q_OBJECT

private slots:
    // A sentence that was changed in engine or storage is noticed here.
    void everyKnownSentenceIsOneThatIsWritten() {
        QString sources;
        for (const char* room : {"engine", "gpu", "storage", "app"}) {
            QDirIterator files(QStringLiteral(PELLUCID_SOURCE "/") + room, {"*.cpp", "*.h"}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext())
                if (const QString path = files.next(); !path.endsWith("error_text.cpp"))
                    sources += literalsOf(path);
        }
        QStringList stale;
        static const QRegularExpression place(QStringLiteral("%\\d"));
        for (const QString& text : app::errorTexts())
            for (const QString& piece : text.split(place))
                if (!sources.contains(piece.trimmed())) stale.append(text + " | " + piece);
        QVERIFY2(stale.isEmpty(), qPrintable(stale.join('\n')));
    }

    // And one that is written anew in the rooms of documents has its Chinese.
    void everySentenceOfDocumentsIsKnown() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        const QStringList known = app::errorTexts();
        static const QRegularExpression raised(
            QStringLiteral("(?:fail\\(|Error\\{)ErrorCode::\\w+,(.*?)(?:\\);|\\}\\);)"),
            QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression literal(
            QStringLiteral("\"([^\"\\n]*[a-z]{2,} [a-z]{2,}[^\"\\n]*)\""));
        QStringList missing;
        int sentences = 0;
        for (const char* room : {"app/documents", "app/asking", "app/answering"}) {
            QDirIterator files(QStringLiteral(PELLUCID_SOURCE "/") + room, {"*.cpp"}, QDir::Files);
            while (files.hasNext()) {
                QFile file(files.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QString source = QString::fromUtf8(file.readAll());
                for (auto call = raised.globalMatch(source); call.hasNext();)
                    for (auto text = literal.globalMatch(call.next().captured(1)); text.hasNext();) {
                        const QString words = text.next().captured(1).trimmed();
                        ++sentences;
                        const auto is = [&](const QString& one) { return one.contains(words); };
                        if (std::none_of(known.cbegin(), known.cend(), is)) missing.append(words);
                    }
            }
        }
        QVERIFY(sentences > 25);
        for (const QString& text : known)
            if (QCoreApplication::translate("pellucid::errors", text.toUtf8().constData()) == text)
                missing.append(text);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join('\n')));
    }

    void englishIsMadeASentence() {
        const Error error{ErrorCode::corrupt, "/m/a.gguf is empty", "download the model again"};
        QCOMPARE(app::whatOf(error), QStringLiteral("/m/a.gguf is empty."));
        QCOMPARE(app::hintOf(error), QStringLiteral("Download the model again."));
        QCOMPARE(app::whatOf({ErrorCode::io, "token_embd.weight is missing", ""}),
                 QStringLiteral("token_embd.weight is missing."));
        QCOMPARE(app::whatOf({ErrorCode::io, "Said well.", ""}), QStringLiteral("Said well."));
        QCOMPARE(app::whatOf({}), QString());
    }

    void damagedModelsInChinese() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        QDirIterator files(QStringLiteral(PELLUCID_SOURCE "/tests/fuzz/gguf/corpus"), QDir::Files);
        QTemporaryDir folder;
        QStringList left;
        int refused = 0;
        LocalEngine engine(host_devices());
        while (files.hasNext()) {
            const auto info = engine.inspect(files.next().toStdString());
            if (info) continue;
            ++refused;
            left += englishLeft(info.error());
        }
        QVERIFY(refused > 10);
        left.removeDuplicates();
        QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
    }

    void damagedFoldersInChinese() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        QTemporaryDir folder;
        const QString source = QStringLiteral(PELLUCID_SOURCE "/tests/fixtures/folders/quantized/");
        QVERIFY(QFile::copy(source + "gptq/model.safetensors", folder.filePath("model.safetensors")));
        QFile config(source + "gptq/config.json");
        QVERIFY(config.open(QIODevice::ReadOnly));
        const QJsonObject whole = QJsonDocument::fromJson(config.readAll()).object();
        QStringList left;
        const auto refused = [&](const auto& result, const char* what) {
            QVERIFY2(!result.ok(), what);
            left += englishLeft(result.error());
        };
        const auto openedWith = [&](const char* key, const QJsonValue& value) {
            QJsonObject changed = whole;
            changed[QLatin1String(key)] = value;
            QFile file(folder.filePath("config.json"));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(QJsonDocument(changed).toJson());
            file.close();
            refused(open_model_file(folder.path().toStdString()), key);
        };
        openedWith("model_type", "mamba");
        openedWith("num_attention_heads", 4096);
        openedWith("num_attention_heads", 3);
        openedWith("hidden_size", QJsonValue());
        openedWith("hidden_size", "wide");
        openedWith("hidden_act", "relu");
        openedWith("rope_scaling", QJsonObject{{"type", "dynamic"}, {"factor", 2}});
        openedWith("tie_word_embeddings", "no");
        openedWith("quantization_config", QJsonObject{{"quant_method", "gptq"}, {"bits", 3}});
        openedWith("quantization_config", QJsonValue());
        QFile(folder.filePath("config.json")).remove();
        refused(open_model_file(folder.path().toStdString()), "no config.json");
        const auto spec = open_model_file(PELLUCID_SOURCE "/tests/fixtures/architectures/phi3.gguf")->spec;
        refused(open_adapter((source + "lora_first").toStdString(), *spec), "an adapter's folder");
        refused(open_adapter((source + "lora_first.gguf").toStdString(), *spec), "an adapter's file");
        refused(open_encoder_file(PELLUCID_SOURCE "/tests/fixtures/architectures/qwen2.gguf"), "no encoder");
        refused(open_encoder_file((source + "awq").toStdString()), "no encoder's folder");
        left.removeDuplicates();
        QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
    }

    void aDataFolderInChinese() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        QTemporaryDir folder;
        storage::DatabaseOptions options;
        options.path = folder.filePath("pellucid.db").toStdString();
        const auto first = storage::Store::open(options);
        QVERIFY(first.ok());
        const auto second = storage::Store::open(options);
        QVERIFY(!second.ok());
        QStringList left = englishLeft(app::fromStorage(second.error()));
        QVERIFY(app::whatOf(app::fromStorage(second.error()))
                    .contains(QString::number(QCoreApplication::applicationPid())));
        QFile broken(folder.filePath("broken.db"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray(8192, 'z'));
        broken.close();
        options.path = broken.fileName().toStdString();
        left += englishLeft(app::fromStorage(storage::Store::open(options).error()));
        options.path = "/proc/nowhere/pellucid.db";
        left += englishLeft(app::fromStorage(storage::Store::open(options).error()));
        options.path = folder.filePath("none.db").toStdString();
        options.read_only = true;
        left += englishLeft(app::fromStorage(storage::Store::open(options).error()));
        QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
    }

    void whatIsNotKnownStandsUnderASentenceForItsCode() {
        UiBench bench(script({say("", "x")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        QCOMPARE(app::whatOf({ErrorCode::device_lost, "CUDA error 700 at layer %1", ""}),
                 QStringLiteral("设备停止响应：CUDA error 700 at layer %1."));
        // Names that look like placeholders stay what they are.
        QCOMPARE(app::whatOf({ErrorCode::corrupt, "/m/%2 %1.gguf: tensor '%1' appears twice", ""}),
                 QStringLiteral("/m/%2 %1.gguf：张量 '%1' 出现了两次。"));
    }

    // Strings of the view models: added without a translation they fail here.
    void everyStringOfTheAppIsListed() {
        QFile ts(QStringLiteral(PELLUCID_SOURCE "/resources/translations/pellucid_zh_CN.ts"));
        QVERIFY(ts.open(QIODevice::ReadOnly));
        QString known = QString::fromUtf8(ts.readAll());
        known.replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        static const QRegularExpression call(QStringLiteral(
            "(?:\\btr\\(|translate\\(\\s*\"[\\w:]+\",|QT_TRANSLATE_NOOP\\(\"[\\w:]+\",|QT_TR_NOOP\\()\\s*"
            "((?:\"(?:[^\"\\\\\n]|\\\\.)*\"\\s*)+)"));
        static const QRegularExpression seam(QStringLiteral("\"\\s*\""));
        QStringList missing;
        int calls = 0;
        QDirIterator files(QStringLiteral(PELLUCID_SOURCE "/app"), {"*.cpp", "*.h"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto match = call.globalMatch(text); match.hasNext(); ++calls) {
                QString source = match.next().captured(1).trimmed();
                source = source.mid(1, source.size() - 2).remove(seam).replace("\\\"", "\"");
                if (!known.contains("<source>" + source + "</source>"))
                    missing.append(QFileInfo(file).fileName() + ": " + source);
            }
        }
        QVERIFY2(calls > 150, qPrintable(QString::number(calls)));
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join('\n')));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char** argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiErrors test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_errors.moc"
