#include "app/content/fonts.h"

#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>

static void initFontResources() {
    Q_INIT_RESOURCE(pellucid_fonts);
}

namespace pellucid::app {

QStringList registerFonts() {
    initFontResources();
    for (const char* file : {"PellucidFigures-Regular.otf", "PellucidFigures-Medium.otf",
                             "PellucidFigures-SemiBold.otf", "PellucidMono-Regular.ttf"})
        QFontDatabase::addApplicationFont(QStringLiteral(":/pellucid/fonts/") + QLatin1String(file));
    const QString chinese = QStringLiteral("Noto Sans CJK SC");
    const QString inter = QStringLiteral("Inter");
    QFont::insertSubstitutions(inter, {chinese});
    QFont::insertSubstitutions(QStringLiteral("Inter Display"), {inter, chinese});
    QFont::insertSubstitutions(QStringLiteral("Pellucid Figures"), {inter, chinese});
    QFont::insertSubstitutions(QStringLiteral("Pellucid Mono"), {chinese});
    QFont font(inter);
    font.setPixelSize(13);
    // Texts inherit this: glyph shapes stay those of the designer at every scale.
    font.setHintingPreference(QFont::PreferNoHinting);
    QGuiApplication::setFont(font);
    QStringList missing;
    const QStringList present = QFontDatabase::families();
    for (const QString& family : {inter, QStringLiteral("Inter Display"), QStringLiteral("Pellucid Figures"),
                                  QStringLiteral("Pellucid Mono"), chinese}) {
        if (!present.contains(family)) missing << family;
    }
    return missing;
}

}  // namespace pellucid::app
