// What a frame costs the GUI thread while a long message streams: parsing, the row model, QML, layout and
// painting in the software renderer. The bound of the product is 8 ms (p99) at 200 tokens a second into
// 20,000 tokens.
#include <time.h>
#include <QAbstractListModel>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickRenderControl>
#include <QQuickRenderTarget>
#include <QQuickWindow>
#include <QtTest>

#include <algorithm>
#include <fstream>

#include "app/content/content_services.h"
#include "app/content/fonts.h"
#include "app/content/incremental_markdown.h"

using namespace pellucid::app;

namespace {

class Rows : public QAbstractListModel {
    Q_OBJECT
public:
    int rowCount(const QModelIndex& = {}) const override { return shown_; }
    QVariant data(const QModelIndex& index, int role) const override {
        const MarkdownBlock& block = markdown_.at(static_cast<std::size_t>(index.row()));
        switch (role) {
            case Qt::UserRole:
                return static_cast<int>(block.kind);
            case Qt::UserRole + 1:
                return QString::fromStdString(block.text);
            case Qt::UserRole + 2:
                return QString::fromStdString(block.info);
            case Qt::UserRole + 3:
                return block.closed;
            default:
                return block.terminated;
        }
    }
    QHash<int, QByteArray> roleNames() const override {
        return {{Qt::UserRole, "kind"},
                {Qt::UserRole + 1, "text"},
                {Qt::UserRole + 2, "info"},
                {Qt::UserRole + 3, "closed"},
                {Qt::UserRole + 4, "terminated"}};
    }
    void append(QByteArrayView utf8) {
        const MarkdownChange change = markdown_.append(utf8);
        const int now = static_cast<int>(change.newCount), first = static_cast<int>(change.firstChanged);
        if (now < shown_) {
            beginRemoveRows({}, now, shown_ - 1);
            shown_ = now;
            endRemoveRows();
        }
        if (first < shown_) emit dataChanged(index(first), index(shown_ - 1));
        if (now > shown_) {
            beginInsertRows({}, shown_, now - 1);
            shown_ = now;
            endInsertRows();
        }
    }

private:
    IncrementalMarkdown markdown_;
    int shown_ = 0;
};

/// Processor time of this thread: what others do on the machine does not count.
double threadMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

qint64 residentBytes() {
    std::ifstream statm("/proc/self/statm");
    qint64 size = 0, resident = 0;
    statm >> size >> resident;
    return resident * 4096;
}

/// A message like those of reasoning models; about 4 bytes a token.
QByteArray message(const char* kind, int bytes) {
    QByteArray text;
    for (int i = 0; text.size() < bytes; ++i) {
        const QByteArray n = QByteArray::number(i);
        if (qstrcmp(kind, "prose") == 0) {
            text += "So the state after step " + n + " is **settled**, and `f(" + n + ")` follows from $x_{" +
                    QByteArray::number(i % 7) +
                    "}^2 + 1$ by the same argument as before. We check it with a longer sentence that says "
                    "little but takes room.";
            text += i % 4 == 3 ? "\n\n" : " ";
        } else if (qstrcmp(kind, "one paragraph") == 0) {
            text += "And then the next thing to see is that number " + n + " goes on without a break, ";
        } else if (qstrcmp(kind, "code") == 0) {
            if (i == 0) text += "```python\n";
            text += "def step_" + n + "(x: int) -> int:\n    return range(x + " + n + ")  # line\n";
        } else if (qstrcmp(kind, "list") == 0) {
            text += "- item " + n + " with **some** words and a `name` to read\n";
        } else if (qstrcmp(kind, "table") == 0) {
            if (i % 40 == 0) text += "\n\n| Width | Tilings | Ratio | Words |\n|---|--:|:-:|---|\n";
            text += "| " + n + " | " + n + "7 | 1.61 | some **words** |\n";
        } else {
            text += "第" + n + "步之后的状态是**确定**的，`f(" + n +
                    ")`由同样的论证得到。我们再检查一个更长的句子。";
            text += i % 5 == 4 ? "\n\n" : "";
        }
    }
    return text;
}

}  // namespace

class TestStreamCost : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { registerFonts(); }

    void a_frame_stays_cheap_data() {
        QTest::addColumn<QByteArray>("kind");
        for (const char* kind : {"prose", "one paragraph", "code", "list", "table", "chinese"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void a_frame_stays_cheap() {
        QFETCH(QByteArray, kind);
        ContentServices services;
        QQmlEngine engine;
        services.install(engine);
        Rows rows;
        QQuickRenderControl control;
        QQuickWindow window(&control);
        QImage image(700, 900, QImage::Format_ARGB32_Premultiplied);
        window.setGeometry(0, 0, 700, 900);
        window.setRenderTarget(QQuickRenderTarget::fromPaintDevice(&image));
        QQmlComponent component(&engine, QUrl::fromLocalFile(QStringLiteral(CONTENT_TESTS "/Stream.qml")));
        std::unique_ptr<QObject> made(
            component.createWithInitialProperties({{"model", QVariant::fromValue(&rows)}}));
        QVERIFY2(made, qPrintable(component.errorString()));
        qobject_cast<QQuickItem*>(made.get())->setParentItem(window.contentItem());

        // CONTENT_FRAMES: for a longer look at memory.
        const int kBefore = 20000,
                  kFrames = qEnvironmentVariableIntValue("CONTENT_FRAMES") > 0
                                ? qEnvironmentVariableIntValue("CONTENT_FRAMES")
                                : 400,
                  kPiece = 14;  // 3.4 tokens a frame are 205 a second
        const QByteArray text = message(kind, kBefore + kFrames * kPiece);
        rows.append(QByteArrayView(text).first(kBefore));
        const auto frame = [&] {
            QCoreApplication::processEvents();
            QCoreApplication::sendPostedEvents(nullptr,
                                               QEvent::DeferredDelete);  // no event loop runs here to do it
            control.polishItems();
            control.beginFrame();
            control.sync();
            control.render();
            control.endFrame();
        };
        for (int i = 0; i < 5; ++i) frame();
        std::vector<double> times;
        qint64 memoryBefore = residentBytes();
        for (int i = 0; i < kFrames; ++i) {
            if (i == kFrames / 3) memoryBefore = residentBytes();
            const double begin = threadMilliseconds();
            rows.append(QByteArrayView(text).sliced(kBefore + i * kPiece, kPiece));
            frame();
            times.push_back(threadMilliseconds() - begin);
        }
        const qint64 memory = residentBytes() - memoryBefore;
        std::sort(times.begin(), times.end());
        const double median = times[times.size() / 2], p99 = times[times.size() * 99 / 100],
                     most = times.back();
        qInfo("%-14s median %.2f ms, p99 %.2f ms, most %.2f ms; memory %+lld KiB for %d KiB",
              kind.constData(), median, p99, most, memory / 1024, kFrames * kPiece * 2 / 3 / 1024);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        // A bound for shared machines: three times the product's p99 at the median.
        QVERIFY2(median < 24, "a frame's work does not depend on the length of the message");
#endif
        if (!qEnvironmentVariableIsEmpty("CONTENT_SHOT"))
            image.save(qEnvironmentVariable("CONTENT_SHOT") + kind + ".png");
        made.reset();
    }
};

QTEST_MAIN(TestStreamCost)
#include "test_stream_cost.moc"
