// A page of everything in Pellucid.Content, for eyes: gallery FILE.qml OUT.png [--dark] [--scale S] [--size
// WxH].
#include <QtQml/qqmlextensionplugin.h>
#include <QGuiApplication>
#include <QImage>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>
#include <QTimer>

#include "app/content/content_services.h"
#include "app/content/fonts.h"

int main(int argc, char** argv) {
    QGuiApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const QStringList missing = pellucid::app::registerFonts();
    if (!missing.isEmpty()) qWarning() << "missing fonts" << missing;
    pellucid::app::ContentServices services;
    QQuickView view;
    services.install(*view.engine());
    view.engine()->addImportPath(QStringLiteral("qrc:/qt/qml"));
    if (qEnvironmentVariableIsSet("GALLERY_IMPORT"))
        view.engine()->addImportPath(qEnvironmentVariable("GALLERY_IMPORT"));
    const bool dark = arguments.contains(QStringLiteral("--dark"));
    view.setInitialProperties({{QStringLiteral("dark"), dark}});
    view.setColor(dark ? QColor(0x15191C) : Qt::white);
    view.setSource(QUrl::fromLocalFile(arguments.at(1)));
    if (view.status() != QQuickView::Ready) return 1;
    view.show();
    QTimer::singleShot(arguments.contains(QStringLiteral("--slow")) ? 3000 : 1200, &app, [&] {
        view.grabWindow().save(arguments.at(2));
        app.quit();
    });
    return app.exec();
}
