// Runs every tst_*.qml beside this file.
#include <QQmlContext>
#include <QQmlEngine>
#include <QtQuickTest>

#include "app/content/content_services.h"
#include "tests/ui/quick/quick_bench.h"
#include "ui/install.h"

using namespace pellucid::ui;

class Setup : public QObject {
    Q_OBJECT

public:
    Setup() { beforeApplication(); }

public slots:
    void applicationAvailable() { afterApplication(); }
    void qmlEngineAvailable(QQmlEngine *engine) {
        content_.install(*engine);
        install(*engine);
        engine->rootContext()->setContextProperty(QStringLiteral("bench"), &bench_);
    }

private:
    pellucid::app::ContentServices content_;
    QuickBench bench_;
};

QUICK_TEST_MAIN_WITH_SETUP(views, Setup)

#include "main.moc"
