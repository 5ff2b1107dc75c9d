// pellucid_screenshots FOLDER [--only NAME] [--every] [--quick]: renders every scene in light and dark, English and Chinese,
// wide (1440 x 900) and narrow (420 x 860) to PNG files, and fails when something that must be visible is not.
#include <QAccessible>
#include <QCommandLineParser>
#include <QDir>
#include <QtTest>
#include <cstdio>

#include "tests/ui/kit/walk.h"
#include "tests/ui/kit/scenes.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

// Enough different colours, and most of it as light or dark as the theme: neither blank nor unpainted. Pages of a document
// stay white.
bool looksPainted(const QImage &image, bool dark, bool paper) {
    QSet<QRgb> colours;
    qint64 fitting = 0, total = 0;
    for (int y = 0; y < image.height(); y += 3)
        for (int x = 0; x < image.width(); x += 3) {
            const QRgb pixel = image.pixel(x, y);
            colours.insert(pixel);
            fitting += (qGray(pixel) < 128) == dark;
            ++total;
        }
    return colours.size() > 40 && (paper || fitting * 4 > total * 3);
}

bool render(const Scene &scene, bool dark, bool chinese, bool narrow, const QDir &folder) {
    const QString name = QStringLiteral("%1-%2-%3-%4.png")
                             .arg(scene.name, dark ? "dark" : "light", chinese ? "zh" : "en", narrow ? "narrow" : "wide");
    const auto bench = stage(scene, narrow ? QSize(420, 860) : QSize(1440, 900), chinese, [&](UiBench &made) {
        made.workspace->settings().setTheme(dark ? app::SettingsBackend::Dark : app::SettingsBackend::Light);
    });
    if (!bench) return std::fprintf(stderr, "%s: not arranged\n", qPrintable(name)), false;
    bench->settle(250);
    // A formula shows its source until it is set, for the first time in a process after a while.
    UiBench::until([&] {
        for (QQuickItem *item : bench->all())
            if (item->property("asSource").toBool() && item->property("terminated").toBool() && !item->property("broken").toBool())
                return false;
        return true;
    });
    bench->settle();
    const QImage image = bench->grab();
    bool good = image.save(folder.filePath(name));
    if (!looksPainted(image, dark, bench->workspace->viewer().shown())) good = (std::fprintf(stderr, "%s: looks blank\n", qPrintable(name)), false);
    if (!chinese)
        for (const QString &seen : scene.seen)
            if (!bench->called(seen)) good = (std::fprintf(stderr, "%s: '%s' is not seen\n", qPrintable(name), qPrintable(seen)), false);
    return good;
}

}  // namespace

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication application(argc, argv);
    afterApplication();
    QCommandLineParser parser;
    parser.addPositionalArgument("folder", "Where the PNG files go");
    parser.addOption({"only", "Only scenes whose name contains this", "name"});
    parser.addOption({"every", "Also the scenes that are only tested"});
    parser.addOption({"quick", "Light English wide only"});
    parser.process(application);
    const QDir folder(parser.positionalArguments().value(0, "screenshots"));
    folder.mkpath(".");
    int failed = 0, done = 0;
    for (const Scene &scene : scenes()) {
        if (!scene.name.contains(parser.value("only")) || !(scene.picture || parser.isSet("every"))) continue;
        for (int variant = 0; variant < (parser.isSet("quick") ? 1 : 8); ++variant) {
            failed += !render(scene, variant & 1, variant & 2, variant & 4, folder);
            ++done;
        }
    }
    const QStringList warnings = UiBench::warnings();
    for (const QString &warning : warnings.mid(0, 20)) std::fprintf(stderr, "QML warning: %s\n", qPrintable(warning));
    std::printf("%d screenshots in %s, %d failed, %lld QML warnings\n", done, qPrintable(folder.absolutePath()), failed,
                static_cast<long long>(warnings.size()));
    return failed || !warnings.isEmpty();
}
