#include "tests/ui/kit/ui_bench.h"

#include <QAccessible>
#include <QMutex>
#include <QQmlContext>
#include <QQuickStyle>
#include <QSignalSpy>
#include <QtTest>

#include "app/chat/markdown_parser.h"
#include "app/content/content_services.h"
#include "app/content/fonts.h"
#include "app/shell/register_types.h"
#include "app/shell/resting_pointer.h"
#include "tests/ui/kit/walk.h"
#include "ui/install.h"

namespace pellucid::ui {

namespace {

// A condition that does not come about in this time never will; a busy machine needs seconds for a frame.
constexpr int kPatience = 120000;  // milliseconds; a sanitizer on a busy machine needs them

QMutex warningMutex;
QStringList warningList;
QtMessageHandler earlierHandler = nullptr;

// QML reports its mistakes (a binding to a missing property, a layout that loops) only as warnings.
void keepWarnings(QtMsgType type, const QMessageLogContext &context, const QString &text) {
    if (type == QtWarningMsg && (text.contains(".qml:") || text.contains("QML"))) {
        QMutexLocker lock(&warningMutex);
        warningList.append(text);
    }
    if (earlierHandler) earlierHandler(type, context, text);
}

}  // namespace

void beforeApplication() {
    qputenv("QT_QPA_PLATFORM", qEnvironmentVariableIsSet("DISPLAY") ? qgetenv("QT_QPA_PLATFORM") : "offscreen");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qunsetenv("QT_QPA_PLATFORM");
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QQuickWindow::setTextRenderType(QQuickWindow::NativeTextRendering);
    earlierHandler = qInstallMessageHandler(keepWarnings);
}

void afterApplication() {
    app::registerFonts();
    app::registerTypes();
}

MockReplyScript say(const char *thought, const char *answer, const char *when) {
    MockReplyScript reply;
    reply.when = when;
    reply.thought = thought;
    reply.answer = answer;
    reply.tokens_per_second = 0;
    reply.prompt_seconds = 0;
    return reply;
}

MockScript script(std::vector<MockReplyScript> replies) {
    MockScript script;
    MockModelScript model = mock_model();
    model.info.path.clear();  // answers any path
    model.info.name = "DeepSeek-R1 Distill Qwen 7B";
    model.info.device = "CPU, AVX-512";
    model.info.architecture = "qwen2";
    model.info.quantization = "Q4_K_M";
    model.info.parameters = 7'600'000'000;
    model.info.file_bytes = 4'680'000'000;
    model.memory = {4'680'000'000, 1'880'000'000, 660'000'000, 12ull << 30};
    model.load_seconds = 0;
    model.context_length = 65536;
    model.replies = std::move(replies);
    script.models.push_back(std::move(model));
    script.devices.push_back({"cpu", "CPU, AVX-512 VNNI", 8ull << 30, 8ull << 30});
    return script;
}

MockModelScript libraryModel(const char *name, const char *family, double billions, const char *quantization, double gigabytes,
                             double contextGigabytes) {
    MockModelScript model = mock_model();
    model.info.path = std::string("{folder}/models/") + name + ".gguf";
    model.info.name = name;
    model.info.architecture = family;
    model.info.quantization = quantization;
    model.info.parameters = static_cast<std::uint64_t>(billions * 1e9);
    model.info.file_bytes = static_cast<std::uint64_t>(gigabytes * 1e9);
    model.memory = {model.info.file_bytes, static_cast<std::uint64_t>(contextGigabytes * 1e9), 300'000'000, 12ull << 30};
    return model;
}

namespace {

/// The script with its "{folder}" models lying in the bench's own folder, as files that say nothing.
MockScript placed(MockScript what, const QString &folder) {
    QDir(folder).mkpath(QStringLiteral("models"));
    for (MockModelScript &model : what.models) {
        QString path = QString::fromStdString(model.info.path);
        if (!path.startsWith(QStringLiteral("{folder}"))) continue;
        QFile file(path.replace(QStringLiteral("{folder}"), folder));
        if (file.open(QIODevice::WriteOnly)) model.info.path = path.toStdString();
    }
    return what;
}

}  // namespace

UiBench::UiBench(MockScript what, QSize size, std::shared_ptr<ManualMockClock> ownClock, app::ChatStore *chats,
                 bool starter, const BenchParts &parts)
    : clock(std::move(ownClock)), engine(placed(std::move(what), folder.path()), clock) {
    app::Workspace::Options options;
    options.dataFolder = folder.path();
    options.makeParser = app::makeMarkdownParser;
    options.documents = parts.documents.value_or(documents.all());
    if (starter) {
        QFile file(folder.filePath(QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf")));
        if (file.open(QIODevice::WriteOnly)) file.resize(98000000);  // sparse: only its size is looked at
        options.starterFiles = QStringList(file.fileName());
    }
    workspace = std::make_unique<app::Workspace>(parts.engine ? *parts.engine : engine, chats ? *chats : store, settingStore, library, sources.all(), options);
    workspace->settings().setReducedMotion(true);
    QObject::connect(&workspace->settings(), &app::SettingsBackend::languageChanged, this,
                     [this] { setLanguage(workspace->settings().language()); });
    qml = std::make_unique<QQmlApplicationEngine>();
    static app::ContentServices content;
    content.install(*qml);
    install(*qml);
    qml->setInitialProperties({{"app", QVariant::fromValue(&workspace->context())},
                               {"width", size.width()},
                               {"height", size.height()}});
}

UiBench::~UiBench() {
    qml.reset();  // the view goes before what it shows
    QCoreApplication::removeTranslator(&translator);
}

bool UiBench::beginLoad(const QString &given) {
    workspace->start();
    if (!given.isEmpty()) {
        workspace->models().addFile(QUrl::fromLocalFile(given));
        return true;
    }
    QFile file(folder.filePath("model.gguf"));
    if (!file.open(QIODevice::WriteOnly)) return false;
    file.close();
    workspace->models().addFile(QUrl::fromLocalFile(file.fileName()));
    return true;
}

bool UiBench::load(const QString &file) {
    return beginLoad(file) && until([&] { return workspace->models().state() == app::ModelController::Ready; });
}

bool UiBench::show() {
    // A developer may point at a folder that holds the module as files, to see a change without building.
    const QString folder = qEnvironmentVariable("PELLUCID_QML_DIR");
    if (!folder.isEmpty()) qml->addImportPath(folder);
    qml->load(folder.isEmpty() ? QUrl(QStringLiteral("qrc:/qt/qml/Pellucid/Main.qml"))
                               : QUrl::fromLocalFile(folder + QStringLiteral("/Pellucid/Main.qml")));
    if (qml->rootObjects().isEmpty()) return false;
    window = qobject_cast<QQuickWindow *>(qml->rootObjects().constFirst());
    if (!window) return false;
    new app::RestingPointer(window);
    window->requestActivate();
    return QTest::qWaitForWindowExposed(window, kPatience) && QTest::qWaitForWindowActive(window, kPatience) && settle();
}

void UiBench::setLanguage(const QString &language) {
    QCoreApplication::removeTranslator(&translator);
    if (translator.load(QStringLiteral(":/i18n/pellucid_") + language)) QCoreApplication::installTranslator(&translator);
    workspace->context().setLanguage(language);
    if (qml) qml->retranslate();
}

void UiBench::resize(int width, int height) {
    window->resize(width, height);
    until([&] { return window->width() == width && window->height() == height; });
    settle();
}

bool UiBench::settle(int milliseconds) {
    QTest::qWait(milliseconds);
    QSignalSpy drawn(window, &QQuickWindow::frameSwapped);
    window->update();
    return drawn.wait(kPatience) || !drawn.isEmpty();
}

bool UiBench::until(const std::function<bool()> &condition) { return QTest::qWaitFor(condition, kPatience); }

bool UiBench::drive(const std::function<bool()> &condition, std::chrono::milliseconds step) {
    return until([&] {
        if (condition()) return true;
        clock->advance(step);
        return false;
    });
}

bool UiBench::ask(const QString &text) {
    return workspace->chat().sendText(text) &&
           (clock ? drive([&] { return !workspace->chat().busy(); }, std::chrono::seconds(1))
                  : until([&] { return !workspace->chat().busy(); })) &&
           (!window || settle());
}

QImage UiBench::grab() { return window->grabWindow(); }

QQuickItem *UiBench::named(const QString &objectName, QQuickItem *root) const {
    for (QQuickItem *item : all(root))
        if (item->objectName() == objectName) return item;
    return nullptr;
}

QQuickItem *UiBench::called(const QString &accessibleName, QQuickItem *root) const {
    QQuickItem *label = nullptr;
    for (QQuickItem *item : all(root)) {
        if (nameOf(item) != accessibleName) continue;
        for (const char *type : {"QQuickAbstractButton", "QQuickSlider", "QQuickTextInput", "QQuickTextEdit"})
            if (item->inherits(type)) return item;
        if (!label) label = item;
    }
    return label;
}

QList<QQuickItem *> UiBench::all(QQuickItem *root) const { return visibleItems(root ? root : window->contentItem()); }

bool UiBench::popupOpen() const {
    for (QQuickItem *item : all())
        if (item->inherits("QQuickPopupItem") && !item->inherits("QQuickToolTip") && item->hasActiveFocus()) return true;
    return false;
}

void UiBench::click(QQuickItem *item) {
    QTest::mouseClick(window, Qt::LeftButton, {}, item->mapToScene({item->width() / 2, item->height() / 2}).toPoint());
}

bool UiBench::tabTo(const QString &name) {
    return until([&] {
        for (int step = 0; step < 160; ++step) {
            if (focused() && nameOf(focused()) == name) return true;
            press(Qt::Key_Tab);
        }
        return false;
    });
}

void UiBench::press(Qt::Key key, Qt::KeyboardModifiers modifiers) { QTest::keyClick(window, key, modifiers); }

void UiBench::type(const QString &text) {
    for (QChar c : text) QTest::sendKeyEvent(QTest::Click, window, Qt::Key_unknown, c, Qt::NoModifier);
}

QStringList UiBench::warnings() {
    QMutexLocker lock(&warningMutex);
    return warningList;
}

}  // namespace pellucid::ui
