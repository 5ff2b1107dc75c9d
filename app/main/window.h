// The window: QML engine, fonts, language, theme; first frame first, everything else after it.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QQmlApplicationEngine>
#include <memory>

#include "app/content/content_services.h"
#include "app/desktop/desktop_settings.h"
#include "app/main/language_switch.h"
#include "app/main/options.h"

class QQuickWindow;

namespace pellucid::app {

class AppContext;
class SettingsBackend;

class Window : public QObject {
public:
    Window(AppContext& context, SettingsBackend& settings, const StartOptions& options);
    ~Window() override;

    /// Loads the QML. False: it could not be (said on stderr). `afterFirstFrame` runs once something is on
    /// the screen.
    bool show(std::function<void()> afterFirstFrame);

    /// To the front, with the keys, also when it was minimised.
    void comeForward();

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void firstFrame(QQuickWindow* window);
    void reportFirstKey(QQuickWindow* window);
    void takeScreenshot(QQuickWindow* window);
    void followSystemTheme();

    AppContext& context_;
    SettingsBackend& settings_;
    StartOptions options_;
    LanguageSwitch language_;
    DesktopSettings desktop_;
    ContentServices content_;
    std::function<void()> afterFirstFrame_;
    QQmlApplicationEngine engine_;
};

}  // namespace pellucid::app
