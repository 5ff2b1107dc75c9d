#include "app/main/failure_window.h"

#include <QGuiApplication>
#include <QQmlApplicationEngine>

#include "app/content/fonts.h"

namespace pellucid::app {

int showFailure(const QString& what, const QString& hint, const QStringList& choices) {
    registerFonts();
    QQmlApplicationEngine engine;
    engine.setInitialProperties({{QStringLiteral("what"), what},
                                 {QStringLiteral("hint"), hint},
                                 {QStringLiteral("choices"), choices},
                                 {QStringLiteral("quitText"), QCoreApplication::translate("main", "Quit")}});
    engine.load(QUrl(QStringLiteral("qrc:/pellucid/main/Failure.qml")));
    if (engine.rootObjects().isEmpty()) return -1;
    return QGuiApplication::exec() - 1;
}

}  // namespace pellucid::app
