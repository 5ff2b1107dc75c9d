// The composition root: builds everything by constructor, in the order in which it is needed, and takes it
// down in the other.
#include <QDateTime>
#include <QGuiApplication>
#include <QIcon>
#include <QLocale>
#include <QQuickStyle>
#include <cstdio>

#include "app/base/wording.h"
#include "app/chat/markdown_parser.h"
#include "app/desktop/desktop_notifier.h"
#include "app/main/crash_log.h"
#include "app/main/end_signals.h"
#include "app/main/engine_choice.h"
#include "app/main/failure_window.h"
#include "app/main/first_window.h"
#include "app/main/language_switch.h"
#include "app/main/options.h"
#include "app/main/stored_data.h"
#include "app/main/window.h"
#include "app/models/scripted_sources.h"
#include "app/services/document_services.h"
#include "app/services/model_services.h"
#include "app/shell/workspace.h"
#include "app/store/housekeeper.h"

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

/// Opens the data folder; what stands in the way is said, with what can be done. A status to end with, when
/// there is nothing to go on with.
std::optional<int> openData(const StartOptions& options, std::optional<StoredData>& data) {
    const auto say = [](const Error& error, const QStringList& choices) {
        std::fprintf(stderr, "pellucid: %s\n", error.message().c_str());
        std::fflush(stderr);
        return showFailure(whatOf(error), hintOf(error), choices);
    };
    data.emplace(options.dataFolder, options.readOnly ? StoredData::Access::Look : StoredData::Access::Write);
    if (data->inUse()) {
        const Error error = *data->problem();
        data.reset();
        if (FirstWindow::raise(options.dataFolder)) {
            std::fprintf(stderr, "pellucid: %s; its window was brought to the front\n", error.what.c_str());
            return 0;
        }
        if (say(error, {QCoreApplication::translate("main", "Look at the chats only")}) != 0) return 1;
        data.emplace(options.dataFolder, StoredData::Access::Look);
    }
    const auto& problem = data->problem();
    const auto backup = StoredData::newestBackup(options.dataFolder);
    if (!problem || problem->code != ErrorCode::corrupt || !backup || options.readOnly) return {};
    const Error error = *problem;
    data.reset();
    const QString date =
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(backup->created_at), QLocale::ShortFormat);
    const int choice = say(error, {QCoreApplication::translate("main", "Open the backup of %1").arg(date),
                                   QCoreApplication::translate("main", "Start without the stored chats")});
    if (choice < 0) return 1;
    if (choice == 0)
        if (const auto restored = StoredData::restore(options.dataFolder, *backup); !restored) {
            say(restored.error(), {});
            return 1;
        }
    data.emplace(options.dataFolder);
    return {};
}

void sayWhatIsNotSaved(const StoredData& data, AppContext& context) {
    if (!data.problem() && !data.onlyLooks()) return;
    const QString kept = QCoreApplication::translate(
        "main", "Chats of this session are not saved; export what you want to keep.");
    if (const auto& problem = data.problem())
        context.setNotice(whatOf(*problem), sentences(hintOf(*problem), kept));
    else
        context.setNotice(QCoreApplication::translate("main", "The chats are open for reading only."), kept);
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication::setApplicationName(QStringLiteral("pellucid"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PELLUCID_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.pellucid.Pellucid"));
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    QGuiApplication application(argc, argv);
    const StartOptions options = parseOptions(application);
    EndSignals ends;
    // Closes the window first, as the person would.
    QObject::connect(&ends, &EndSignals::asked, &application, &QGuiApplication::quit);

    std::optional<StoredData> data;
    {
        // Before there are settings: the language asked for, or the system's.
        LanguageSwitch language(nullptr);
        language.use(options.language, nullptr);
        if (const auto status = openData(options, data)) return *status;
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
    // Without a database to write to nothing can be fetched or kept; a scripted engine has scripted offers.
    ScriptedSources scripted;
    std::optional<ModelServices> services;
    if (storage::Store* store = data->writable(); store && options.mockScript.isEmpty())
        services.emplace(*store, data->settings(), options.dataFolder, choosableDevices());
    std::optional<DocumentServices> documents;
    if (data->writable() && options.mockScript.isEmpty()) {
        const QString moved = data->settings().read({}).value(QStringLiteral("modelsFolder")).toString();
        documents.emplace(options.dataFolder,
                          moved.isEmpty() ? options.dataFolder + QStringLiteral("/models") : moved);
        if (const auto& problem = documents->problem())
            std::fprintf(stderr, "pellucid: no documents: %s\n", problem->message().c_str());
        work.documents = documents->sources();
    }
    Workspace workspace(**engine, data->chats(), data->settings(), data->models(),
                        services ? services->sources() : scripted.all(), work);
    if (services) services->attach(workspace);
    if (const auto& problem = data->problem())
        std::fprintf(stderr, "pellucid: %s\n", problem->message().c_str());
    std::optional<Housekeeper> housekeeper;
    if (storage::Store* store = data->writable()) {
        housekeeper.emplace(*store, Housekeeper::Times{}, storage::MaintenancePlan{});
        QObject::connect(&*housekeeper, &Housekeeper::failed, &workspace, [&](const Error& error) {
            workspace.toasts().sayError(
                QCoreApplication::translate("main", "The daily backup failed. %1").arg(whatOf(error)),
                hintOf(error));
        });
    }

    Window window(workspace.context(), workspace.settings(), options);
    std::optional<FirstWindow> first;
    if (data->writable()) {
        first.emplace(options.dataFolder);
        QObject::connect(&*first, &FirstWindow::asked, &window, &Window::comeForward);
    }
    DesktopNotifier notifier;
    if (notifier.useSession()) {
        // Who looks at the window sees it there.
        QObject::connect(&workspace, &Workspace::downloadEnded, &notifier,
                         [&](const QString& title, const QString& text) {
                             if (QGuiApplication::applicationState() != Qt::ApplicationActive)
                                 notifier.tell(title, text, QCoreApplication::translate("main", "Open"));
                         });
        QObject::connect(&notifier, &DesktopNotifier::activated, &window, &Window::comeForward);
    }
    sayWhatIsNotSaved(*data, workspace.context());
    QObject::connect(&workspace.context(), &AppContext::languageChanged, &workspace,
                     [&] { sayWhatIsNotSaved(*data, workspace.context()); });
    data->tellInterruptedMove(&workspace, [&](const InterruptedMove& move) {
        if (move.problem)
            workspace.toasts().sayError(whatOf(*move.problem), hintOf(*move.problem));
        else if (move.finished)
            workspace.toasts().say(
                QCoreApplication::translate(
                    "main", "The move of the models was interrupted. It is finished now: they are in %1.")
                    .arg(move.folder));
        else
            workspace.toasts().say(
                QCoreApplication::translate(
                    "main", "The move of the models to %1 was interrupted. They are where they were.")
                    .arg(move.folder));
    });
    const bool shown = window.show([&] {
        workspace.start();
        if (documents) documents->start();
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
