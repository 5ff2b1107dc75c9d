// The whole way, on everything that is real but a script's model: files are dropped on the window and read by the
// reader process, a question is typed, its answer cites, and a click on the citation opens the page with the words boxed.
// With PELLUCID_MODELS the starter model answers as well.
#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QDropEvent>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QTextDocument>
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/services/document_services.h"
#include "engine/runtime/local_engine.h"
#include "tests/ui/kit/scene_documents.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

constexpr int kPatience = 240000;  // milliseconds; the starter on a busy machine needs them

struct Words {
    const char *file, *question, *answer, *fact;
    QStringList pages;  // HTML
};

const Words &words(bool chinese) {
    static const Words en{
        "Lease Unit 4 Harbour Row.pdf", "How many months of notice must the Tenant give?",
        "The Tenant must give six months of written notice to the Landlord ", "six months of written notice",
        {"<h1>Lease of Unit 4, Harbour Row</h1><p>This Lease is made between Harbour Estates Limited (the Landlord) and Wren "
         "Bindery (the Tenant).</p><h2>1 The Premises</h2><p>The Premises are the ground floor of Unit 4 with the yard behind it. "
         "The Tenant may park two vans in the yard. The Landlord keeps the roof and the outer walls in repair.</p>"
         "<h2>2 Rent</h2><p>The Principal Rent is 1,850 pounds a month, payable on the first day of each month.</p>",
         "<h2>10 Break option</h2><p>The Tenant may end this Lease early. The Tenant must give six months of written notice to the "
         "Landlord. The notice ends on the last day of a calendar month.</p><h2>11 Payments on break</h2><p>On that day the Tenant "
         "pays a sum equal to two months of the Principal Rent. The keys are handed over before noon.</p>",
         "<h2>Schedule</h2><p>The Landlord has painted the walls white and laid an oak floor in the front room. The boiler was "
         "installed in 2019 and is serviced every autumn.</p>"}};
    static const Words zh{
        "海港街 4 号租约.pdf", "承租人须提前几个月通知？", "承租人须提前六个月向出租人发出书面通知 ", "提前六个月",
        {"<h1>海港街 4 号租约</h1><p>本租约由海港置业有限公司（出租人）与雷恩装订社（承租人）订立。</p><h2>第一条　房屋</h2><p>房屋为 4 "
         "号一层及其后院。承租人可在后院停放两辆货车。出租人负责维修屋顶和外墙。</p><h2>第二条　租金</h2><p>基本租金为每月 1850 "
         "英镑，于每月第一日支付。</p>",
         "<h2>第十条　提前终止</h2><p>承租人可以提前终止本租约。承租人须提前六个月向出租人发出书面通知。通知于某一公历月的最后一天届满。</p>"
         "<h2>第十一条　终止时的付款</h2><p>承租人于该日支付相当于两个月基本租金的款项。钥匙须在中午之前交还。</p>",
         "<h2>附表</h2><p>出租人已将墙面刷成白色，并在前厅铺设橡木地板。锅炉于 2019 年安装，每年秋季保养。</p>"}};
    return chinese ? zh : en;
}

/// The pages set in the app's fonts and written as a PDF.
QString writePdf(const QString &folder, bool chinese) {
    const Words &what = words(chinese);
    const QString path = folder + u'/' + QString::fromUtf8(what.file);
    QPdfWriter writer(path);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(64, 64, 64, 64), QPageLayout::Point);
    writer.setResolution(72);
    QPainter painter(&writer);
    for (qsizetype i = 0; i < what.pages.size(); ++i) {
        if (i > 0) writer.newPage();
        QTextDocument page;
        page.documentLayout()->setPaintDevice(&writer);
        QFont font(chinese ? QStringLiteral("Noto Sans CJK SC") : QStringLiteral("Inter"));
        font.setPointSizeF(12);
        page.setDefaultFont(font);
        page.setTextWidth(writer.width());
        page.setHtml(what.pages[i]);
        page.drawContents(&painter);
    }
    return path;
}

QString answerOf(UiBench &bench) {
    bench.workspace->chat().copyAnswer({});
    return QGuiApplication::clipboard()->text();
}

void shot(UiBench &bench, const QString &name) {
    const QString folder = qEnvironmentVariable("PELLUCID_SHOTS");
    if (folder.isEmpty()) return;
    bench.settle(300);
    bench.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

}  // namespace

class TestUiAsk : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    /// What stands open in the pane: the box of the citation, once its page is drawn.
    static QQuickItem *openBox(UiBench &bench) {
        QQuickItem *pane = bench.named("documentPane");
        if (!pane) return nullptr;
        bool drawn = false;
        for (QQuickItem *item : bench.all(pane))
            drawn = drawn || !item->property("picture").value<QImage>().isNull();
        for (QQuickItem *item : bench.all(pane))
            if (drawn && item->property("pageX").isValid() && item->property("open").toBool() && item->opacity() == 1)
                return item;
        return nullptr;
    }
    static QQuickItem *passageRow(UiBench &bench, int number) {
        for (QQuickItem *item : bench.all())
            if (item->inherits("QQuickAbstractButton") && nameOf(item).startsWith(QString::number(number) + QStringLiteral(", "))) return item;
        return nullptr;
    }
    static void drop(UiBench &bench, const QString &path) {
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(path)});
        const QPoint at(bench.window->width() / 2, bench.window->height() / 2);
        QDragEnterEvent enter(at, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(bench.window, &enter);
        QDragMoveEvent move(at, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(bench.window, &move);
        QDropEvent dropped(at, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(bench.window, &dropped);
    }
    static const app::LibraryDocument *read(UiBench &bench) {
        const auto &documents = bench.workspace->library().state().documents;
        return documents.size() == 1 && documents.front().phase == app::LibraryDocument::Ready ? &documents.front() : nullptr;
    }
    /// The number that the passage with the fact gets, where the whole document is read.
    static int numberOf(app::DocumentServices &services, const QString &fact) {
        const auto rows = services.library()->documents().list();
        if (!rows || rows->empty()) return 0;
        const auto chunks = services.library()->contents().chunks_of(rows->front().content);
        if (!chunks) return 0;
        for (std::size_t i = 0; i < chunks->size(); ++i) {
            const auto text = services.library()->contents().text(rows->front().content, (*chunks)[i].range);
            if (text && QString::fromStdString(*text).remove(u'\n').contains(QString(fact).remove(u'\n'))) return static_cast<int>(i) + 1;
        }
        return 0;
    }
    void goThere(bool chinese, bool real);

private slots:
    void scripted_data() {
        QTest::addColumn<bool>("chinese");
        QTest::newRow("English") << false;
        QTest::newRow("中文") << true;
    }
    void scripted() {
        QFETCH(bool, chinese);
        goThere(chinese, false);
    }
    void starter_data() { scripted_data(); }
    void starter() {
        if (qEnvironmentVariable("PELLUCID_MODELS").isEmpty()) QSKIP("PELLUCID_MODELS names no folder of models");
        QFETCH(bool, chinese);
        goThere(chinese, true);
    }
    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

void TestUiAsk::goThere(bool chinese, bool real) {
    const QString name = QStringLiteral("%1-%2").arg(real ? "starter" : "scripted", chinese ? "zh" : "en");
    const QString home = folder_.filePath(name);
    QVERIFY(QDir().mkpath(home));
    const QString path = writePdf(home, chinese);
    app::DocumentServices services(home + QStringLiteral("/data"), home + QStringLiteral("/models"),
                                   QStringLiteral(PELLUCID_READER));
    QVERIFY2(!services.problem(), services.problem() ? services.problem()->what.c_str() : "");
    const Words &what = words(chinese);
    // The scripted model cites the passage with the fact; which number that is shows once the file is read, and the
    // chunks of a document do not depend on the run.
    int number = 0;
    std::vector<MockReplyScript> replies;
    if (!real) {
        app::DocumentServices before(home + QStringLiteral("/before"), {}, QStringLiteral(PELLUCID_READER));
        before.start();
        bool there = false;
        before.sources().library->watch(this, [&](const app::LibraryState &state) {
            there = !state.documents.empty() && state.documents.front().phase == app::LibraryDocument::Ready;
        });
        before.sources().library->add({path}, {}, {}, this, [](const app::Problem &problem) { QVERIFY(!problem); });
        QTRY_VERIFY_WITH_TIMEOUT(there, kPatience);
        number = numberOf(before, QString::fromUtf8(what.fact));
        QVERIFY(number > 0);
        const QByteArray answer = QByteArray(what.answer) + "[" + QByteArray::number(number) + "]" + (chinese ? "。" : ".");
        replies = {say("", answer.constData())};
    }
    std::vector<DeviceFactory> devices = host_devices();
    std::erase_if(devices, [](const DeviceFactory &device) { return device.id != "cpu"; });
    LocalEngine engine(devices);
    BenchParts parts;
    if (real) parts.engine = &engine;
    parts.documents = services.sources();
    UiBench bench(script(std::move(replies)), {1440, 900}, {}, nullptr, false, parts);
    bench.setLanguage(chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    services.start();
    const QString model = qEnvironmentVariable("PELLUCID_MODELS") + QStringLiteral("/SmolLM2-135M-Instruct.Q4_1.gguf");
    if (real && !QFile::exists(model)) QSKIP("the starter model is not in PELLUCID_MODELS");
    QVERIFY(bench.load(real ? model : QString()));
    QVERIFY(bench.show());
    if (real) {
        bench.workspace->modelSettings().setTemperature(0);
        bench.workspace->modelSettings().setMaxTokens(96);
    }

    // Dropped on the chat it belongs to this chat, and is asked from the first question on.
    drop(bench, path);
    QTRY_VERIFY_WITH_TIMEOUT(read(bench), kPatience);
    QCOMPARE(read(bench)->pages, 3);
    QTRY_COMPARE(bench.workspace->scope().attached(), 1);
    bench.named("composerText")->forceActiveFocus();
    bench.type(QString::fromUtf8(what.question));
    bench.press(Qt::Key_Return);
    app::ChatController &chat = bench.workspace->chat();
    QTRY_VERIFY_WITH_TIMEOUT(!chat.empty() && !chat.busy(), kPatience);
    QVERIFY2(chat.state() != app::ChatController::Failed, qPrintable(answerOf(bench)));
    QTRY_VERIFY_WITH_TIMEOUT(chat.rows()->sources(chat.lastAnswerId()) && chat.rows()->sources(chat.lastAnswerId())->checked, kPatience);
    const app::AnswerSourcesPtr sources = chat.rows()->sources(chat.lastAnswerId());
    qInfo("%s: %s", qPrintable(name), qPrintable(answerOf(bench)));
    shot(bench, name + QStringLiteral("-answer"));
    if (real) {
        // The starter is small: where nothing that it said is borne out, its passages open from their list.
        for (const app::FoundPassage &passage : sources->passages)
            if (number == 0 && passage.cited) number = passage.number;
    }
    const QRect inside = QRect({0, 0}, bench.window->size()).adjusted(0, 60, 0, -180);  // header and composer lie over the rest
    if (!real) QTRY_VERIFY(inside.contains(chipAt(bench, number)));
    if (number > 0 && inside.contains(chipAt(bench, number))) {
        QTest::mouseClick(bench.window, Qt::LeftButton, {}, chipAt(bench, number));
    } else {
        QVERIFY(!sources->passages.empty());
        if (number == 0) number = sources->passages.front().number;
        QQuickItem *row = nullptr;
        QTRY_VERIFY((row = passageRow(bench, number)) != nullptr);
        bench.click(row);
    }
    QTRY_VERIFY(bench.workspace->viewer().shown());
    QTRY_VERIFY_WITH_TIMEOUT(openBox(bench) != nullptr, kPatience);
    shot(bench, name + QStringLiteral("-page"));
    const app::FoundPassage *passage = sources->numbered(number);
    QVERIFY(passage);
    QTRY_COMPARE(bench.workspace->viewer().page(), passage->page);
    QCOMPARE(bench.workspace->viewer().number(), number);
    QQuickItem *pages = bench.named("documentPages");
    QVERIFY(QRectF(0, 0, pages->width(), pages->height()).contains(openBox(bench)->mapRectToItem(pages, openBox(bench)->boundingRect())));
    if (!real) {
        QCOMPARE(passage->page, 1);  // where the words stand, wherever their passage begins
        QVERIFY2(QString(passage->text).remove(u'\n').contains(QString::fromUtf8(what.fact)), qPrintable(passage->text));
        QVERIFY(sources->sentences.empty());
        QVERIFY(!passage->evidence.empty());
    }
}

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiAsk test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_ask.moc"
