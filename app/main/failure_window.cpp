#include "app/main/failure_window.h"

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQmlContext>

#include "app/content/fonts.h"

namespace pellucid::app {

int showFailure(const QString& what, const QString& hint) {
    registerFonts();
    QQmlApplicationEngine engine;
    engine.setInitialProperties({{QStringLiteral("what"), what},
                                 {QStringLiteral("hint"), hint},
                                 {QStringLiteral("quitText"), QCoreApplication::translate("main", "Quit")}});
    engine.load(QUrl(QStringLiteral("qrc:/pellucid/main/Failure.qml")));
    if (!engine.rootObjects().isEmpty()) QGuiApplication::exec();
    return 1;
}

}  // namespace pellucid::app
