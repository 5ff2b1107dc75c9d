// The composition root: builds everything by constructor, in the order in which it is needed, and takes it
// down in the other.
#include <QGuiApplication>
#include <QIcon>
#include <QQuickStyle>
#include <cstdio>

#include "app/base/wording.h"
#include "app/chat/markdown_parser.h"
#include "app/main/crash_log.h"
#include "app/main/engine_choice.h"
#include "app/main/failure_window.h"
#include "app/main/options.h"
#include "app/main/stored_data.h"
#include "app/main/window.h"
#include "app/shell/workspace.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

QStringList starterFiles(const StartOptions& options) {
    const QString name = QStringLiteral("/SmolLM2-135M-Instruct.Q4_1.gguf");
    QStringList files;
    if (!options.starter.isEmpty()) files.append(options.starter);
    if (const QString file = qEnvironmentVariable("PELLUCID_STARTER"); !file.isEmpty()) files.append(file);
    files.append(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/pellucid/starter") +
                 name);
    files.append(QStringLiteral("/usr/share/pellucid/starter") + name);
    files.append(options.dataFolder + QStringLiteral("/starter") + name);
    return files;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication::setApplicationName(QStringLiteral("pellucid"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PELLUCID_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.pellucid.Pellucid"));
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QGuiApplication application(argc, argv);
    const StartOptions options = parseOptions(application);

    StoredData data(options.dataFolder);
    if (data.inUse()) {
        std::fprintf(stderr, "pellucid: %s\n", data.problem()->message().c_str());
        return showFailure(QString::fromStdString(data.problem()->what),
                           QString::fromStdString(data.problem()->hint));
    }
    installCrashLog(options.dataFolder);
    auto engine = makeEngine(options);
    if (!engine) {
        std::fprintf(stderr, "pellucid: %s\n", engine.error().message().c_str());
        return 1;
    }

    Workspace::Options work;
    work.dataFolder = options.dataFolder;
    work.starterFiles = starterFiles(options);
    work.makeParser = makeMarkdownParser;
    work.model = options.model;
    work.question = options.question;
    if (work.model.isEmpty() && !options.mockScript.isEmpty())
        work.model = QStringLiteral("/mock/model.gguf");
    Workspace workspace(**engine, data.chats(), data.settings(), data.models(), work);
    if (const auto& problem = data.problem()) {
        std::fprintf(stderr, "pellucid: %s\n", problem->message().c_str());
        workspace.context().setNotice(
            whatOf(*problem),
            hintOf(*problem) + u' ' +
                QCoreApplication::translate("main",
                                            "Chats of this session are not saved; export what "
                                            "you want to keep."));
    }

    Window window(workspace.context(), workspace.settings(), options);
    const bool shown = window.show([&] {
        workspace.start();
        if (const QString report = takeNewCrashReport(options.dataFolder); !report.isEmpty())
            workspace.toasts().show({.text = QCoreApplication::translate(
                                                 "main",
                                                 "Pellucid ended unexpectedly last time. The report stays on "
                                                 "this computer: %1")
                                                 .arg(report)});
    });
    if (!shown) {
        std::fprintf(stderr, "pellucid: the window could not be made; see the messages above\n");
        return 1;
    }
    return QGuiApplication::exec();
}
