#include "app/main/options.h"

#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>
#include <cstdio>
#include <cstdlib>

namespace pellucid::app {

StartOptions parseOptions(const QCoreApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("A desktop assistant whose thinking you can see through."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption dataDir(QStringLiteral("data-dir"),
                                     QStringLiteral("Folder of chats, settings and models."),
                                     QStringLiteral("folder"));
    const QCommandLineOption model(
        QStringLiteral("model"), QStringLiteral("The model to load: a GGUF file, or a name in the library."),
        QStringLiteral("file or name"));
    const QCommandLineOption mock(
        QStringLiteral("mock"),
        QStringLiteral("Runs a scripted engine instead of a model: a JSON script, or 'demo'."),
        QStringLiteral("script"));
    const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("en or zh_CN."),
                                      QStringLiteral("language"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark."),
                                   QStringLiteral("theme"));
    const QCommandLineOption starter(QStringLiteral("starter"), QStringLiteral("The starter model's file."),
                                     QStringLiteral("file"));
    const QCommandLineOption ask(QStringLiteral("ask"), QStringLiteral("A question to ask at once."),
                                 QStringLiteral("text"));
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        QStringLiteral("Saves the window as PNG and quits."),
                                        QStringLiteral("file"));
    const QCommandLineOption delay(QStringLiteral("screenshot-after"),
                                   QStringLiteral("Milliseconds before it (500)."), QStringLiteral("ms"),
                                   QStringLiteral("500"));
    const QCommandLineOption readOnly(
        QStringLiteral("read-only"),
        QStringLiteral("Shows the stored chats and changes nothing; another copy may have them open."));
    const QCommandLineOption report(
        QStringLiteral("report-start"),
        QStringLiteral("Says on stderr how long the first frame took, and the first key."));
    parser.addOptions(
        {readOnly, dataDir, model, mock, language, theme, starter, ask, screenshot, delay, report});
    if (!parser.parse(application.arguments())) {
        std::fprintf(stderr, "pellucid: %s\n", qPrintable(parser.errorText()));
        std::exit(2);
    }
    if (parser.isSet(QStringLiteral("help"))) parser.showHelp(0);
    if (parser.isSet(QStringLiteral("version"))) parser.showVersion();
    const auto refuse = [](const QString& what) {
        std::fprintf(stderr, "pellucid: %s\n", qPrintable(what));
        std::exit(2);
    };
    if (!parser.positionalArguments().isEmpty())
        refuse(
            QStringLiteral("'%1' is no option; --help lists them").arg(parser.positionalArguments().first()));

    StartOptions options;
    options.dataFolder = parser.value(dataDir);
    if (options.dataFolder.isEmpty())
        options.dataFolder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                             QStringLiteral("/pellucid");
    options.dataFolder = QDir(options.dataFolder).absolutePath();
    options.model = parser.value(model);
    options.mockScript = parser.value(mock);
    options.language = parser.value(language);
    if (!options.language.isEmpty() && options.language != QLatin1String("en") &&
        options.language != QLatin1String("zh_CN"))
        refuse(QStringLiteral("--language is en or zh_CN, not '%1'").arg(options.language));
    options.theme = parser.value(theme);
    if (!options.theme.isEmpty() && options.theme != QLatin1String("light") &&
        options.theme != QLatin1String("dark"))
        refuse(QStringLiteral("--theme is light or dark, not '%1'").arg(options.theme));
    options.readOnly = parser.isSet(readOnly);
    options.starter = parser.value(starter);
    options.question = parser.value(ask);
    options.screenshot = parser.value(screenshot);
    options.screenshotDelayMs = parser.value(delay).toInt();
    options.reportStart = parser.isSet(report);
    return options;
}

}  // namespace pellucid::app
