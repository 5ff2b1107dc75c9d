// Every string has its translation, with the same placeholders, and the language can be changed while the window runs.
#include <QFile>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QtTest>

#include "tests/ui/kit/ui_bench.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

struct Entry {
    QString context, source;
    QStringList translations;
    bool unfinished = false;
};

QList<Entry> read(const QString &path) {
    QList<Entry> entries;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return entries;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement() && xml.atEnd()) break;
        if (!xml.isStartElement()) continue;
        if (xml.name() == u"name") context = xml.readElementText();
        else if (xml.name() == u"message") entries.append({context, {}, {}, false});
        else if (xml.name() == u"source") entries.last().source = xml.readElementText();
        else if (xml.name() == u"translation") {
            entries.last().unfinished = xml.attributes().hasAttribute(QStringLiteral("type"));
            entries.last().translations = {xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed()};
        }
    }
    return entries;
}

QStringList placeholders(const QString &text) {
    static const QRegularExpression pattern(QStringLiteral("%(?:L?\\d|n)"));
    QStringList found;
    for (auto match = pattern.globalMatch(text); match.hasNext();) found.append(match.next().captured());
    found.sort();
    return found;
}

}  // namespace

class TestUiTranslations : public QObject {
    Q_OBJECT

private slots:
    void nothingIsUnfinished() {
        const QList<Entry> entries = read(QStringLiteral(PELLUCID_SOURCE "/resources/translations/pellucid_zh_CN.ts"));
        QVERIFY(entries.size() > 250);
        QStringList wrong;
        for (const Entry &entry : entries) {
            const QString text = entry.translations.value(0);
            if (entry.unfinished || text.isEmpty()) wrong.append("unfinished: " + entry.context + " | " + entry.source);
            if (placeholders(text) != placeholders(entry.source)) wrong.append("placeholders: " + entry.source);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    // The sources say nothing that the file does not know: a string added without its translation fails here.
    void everyStringOfTheViewsIsListed() {
        QSet<QString> known;
        for (const Entry &entry : read(QStringLiteral(PELLUCID_SOURCE "/resources/translations/pellucid_zh_CN.ts")))
            known.insert(entry.source);
        static const QRegularExpression call(QStringLiteral("qsTr\\(\"((?:[^\"\\\\]|\\\\.)*)\""));
        QStringList missing;
        QDirIterator files(QStringLiteral(PELLUCID_SOURCE "/ui"), {"*.qml"}, QDir::Files, QDirIterator::Subdirectories);
        int calls = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto match = call.globalMatch(text); match.hasNext(); ++calls) {
                const QString source = match.next().captured(1);
                if (!known.contains(source)) missing.append(file.fileName() + ": " + source);
            }
        }
        QVERIFY(calls > 200);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join('\n')));
    }

    void theLanguageChangesWhileItRuns() {
        UiBench bench(script({say("", "One.")}));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QTRY_VERIFY(bench.called(QStringLiteral("Send")));
        bench.workspace->settings().setLanguage(QStringLiteral("zh_CN"));
        QTRY_VERIFY(bench.called(QStringLiteral("发送")));
        QTRY_VERIFY(!bench.called(QStringLiteral("Send")));
        bench.workspace->settings().setLanguage(QStringLiteral("en"));
        QTRY_VERIFY(bench.called(QStringLiteral("Send")));
    }

    // With Chinese chosen, nothing of the window's own words is left in English.
    void noEnglishIsLeft() {
        UiBench bench(script({say("先想一想。", "答案。")}));
        bench.setLanguage(QStringLiteral("zh_CN"));
        QVERIFY(bench.load());
        QVERIFY(bench.show());
        QVERIFY(bench.ask(QStringLiteral("问题")));
        static const QRegularExpression english(QStringLiteral("[A-Za-z]{3,}"));
        // Names, keys and units that stay as they are.
        static const QRegularExpression kept(QStringLiteral(
            "Pellucid|DeepSeek.*|CPU.*|GiB|Ctrl.*|Markdown|JSON|AVX.*|English|Top-[pk]|Min-p|GGUF|ChatGPT|LM Studio|qwen2"));
        QStringList left;
        for (int page = 0; page < 3; ++page) {
            bench.named("shell")->setProperty("page", page);
            QVERIFY(bench.settle());
            for (QQuickItem *item : bench.all()) {
                const QString name = nameOf(item);
                QString rest = name;
                rest.remove(kept).remove(bench.folder.path());
                rest.remove(QRegularExpression(QStringLiteral("/[\\w/.-]*")));
                if (english.match(rest).hasMatch()) left.append(name);
            }
        }
        left.removeDuplicates();
        QVERIFY2(left.isEmpty(), qPrintable(left.join('\n')));
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiTranslations test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_translations.moc"
