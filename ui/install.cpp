#include "ui/install.h"

#include <QQmlEngine>
#include <QtGlobal>

// Q_INIT_RESOURCE must not stand inside a namespace.
static void initResources() { Q_INIT_RESOURCE(qmlcache_pellucid_ui); }

namespace pellucid::ui {

void install(QQmlEngine &engine) {
    initResources();
    engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
}

}  // namespace pellucid::ui
