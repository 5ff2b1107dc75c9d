#include "app/main/window.h"

#include <unistd.h>

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QPalette>
#include <QQuickWindow>
#include <QTimer>
#include <cstdio>
#include <ctime>

#include "app/chat/chat_controller.h"
#include "app/content/fonts.h"
#include "app/settings/settings_backend.h"
#include "app/shell/app_context.h"
#include "app/shell/register_types.h"
#include "app/shell/resting_pointer.h"
#include "ui/install.h"

namespace pellucid::app {

namespace {

/// Milliseconds since the kernel started this process (a clock tick, 10 ms, is the resolution).
double sinceProcessStart() {
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QByteArray stat = file.readAll();
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double ticks = fields.value(19).toDouble();
    return now.tv_sec * 1e3 + now.tv_nsec * 1e-6 - ticks * 1e3 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

Window::Window(AppContext& context, SettingsBackend& settings, const StartOptions& options)
    : context_(context), settings_(settings), options_(options), language_(&context) {
    registerTypes();
    registerFonts();
    content_.install(engine_);
    ui::install(engine_);
    if (!options_.theme.isEmpty()) context_.forceDark(options_.theme == QLatin1String("dark"));
    followSystemTheme();
    connect(&desktop_, &DesktopSettings::changed, this, &Window::followSystemTheme);
    desktop_.followSession();
    const auto language = [this] {
        return options_.language.isEmpty() ? settings_.language() : options_.language;
    };
    language_.use(language(), nullptr);
    connect(&settings_, &SettingsBackend::languageChanged, this, [this] {
        options_.language.clear();
        language_.use(settings_.language(), &engine_);
    });
    qGuiApp->installEventFilter(this);
}

Window::~Window() = default;

bool Window::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ApplicationPaletteChange) followSystemTheme();
    return QObject::eventFilter(watched, event);
}

void Window::followSystemTheme() {
    // Qt 6.4 has no colour-scheme signal. Where no portal says it, the platform's palette does.
    const bool darkPalette = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    context_.setSystemDark(desktop_.dark().value_or(darkPalette));
    settings_.setDesktop(desktop_.reducedMotion().value_or(false), desktop_.highContrast().value_or(false));
}

bool Window::show(std::function<void()> afterFirstFrame) {
    afterFirstFrame_ = std::move(afterFirstFrame);
    engine_.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&context_)}});
    engine_.load(QUrl(QStringLiteral("qrc:/qt/qml/Pellucid/Main.qml")));
    if (engine_.rootObjects().isEmpty()) return false;
    auto* window = qobject_cast<QQuickWindow*>(engine_.rootObjects().constFirst());
    if (!window) return false;
    new RestingPointer(window);
    // Emitted by the render loop; with the software renderer that is the GUI thread.
    connect(
        window, &QQuickWindow::frameSwapped, this, [this, window] { firstFrame(window); },
        static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
    return true;
}

void Window::comeForward() {
    auto* window = engine_.rootObjects().isEmpty()
                       ? nullptr
                       : qobject_cast<QQuickWindow*>(engine_.rootObjects().constFirst());
    if (!window) return;
    window->setWindowStates(window->windowStates() & ~Qt::WindowMinimized);
    window->show();
    window->raise();
    window->requestActivate();
    if (options_.reportStart) std::fprintf(stderr, "another start brought the window to the front\n");
}

void Window::firstFrame(QQuickWindow* window) {
    if (options_.reportStart) {
        timespec used{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        std::fprintf(stderr, "first frame after %.0f ms (%.0f ms of processor time)\n", sinceProcessStart(),
                     static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) * 1e-6);
    }
    if (options_.reportStart) reportFirstKey(window);
    if (afterFirstFrame_) std::exchange(afterFirstFrame_, {})();
    if (!options_.screenshot.isEmpty())
        QTimer::singleShot(options_.screenshotDelayMs, this, [this, window] { takeScreenshot(window); });
}

/// A window that shows but takes no key has not started: says when the composer has its first letter on the
/// screen.
void Window::reportFirstKey(QQuickWindow* window) {
    if (!context_.chat()->draft().isEmpty())  // it was typed before the first frame was through
        std::fprintf(stderr, "first key in the composer after %.0f ms\n", sinceProcessStart());
    else
        connect(
            context_.chat(), &ChatController::draftChanged, this,
            [this, window] {
                connect(
                    window, &QQuickWindow::frameSwapped, this,
                    [] {
                        std::fprintf(stderr, "first key in the composer after %.0f ms\n",
                                     sinceProcessStart());
                    },
                    static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
                window->update();
            },
            Qt::SingleShotConnection);
}

void Window::takeScreenshot(QQuickWindow* window) {
    const bool saved = window->grabWindow().save(options_.screenshot);
    if (!saved) std::fprintf(stderr, "pellucid: could not write %s\n", qPrintable(options_.screenshot));
    QCoreApplication::exit(saved ? 0 : 1);
}

}  // namespace pellucid::app
