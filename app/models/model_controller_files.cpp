// Files that become models, stop being models, and the starter.
#include <QFileInfo>
#include <filesystem>

#include "app/base/wording.h"
#include "app/models/model_controller.h"
#include "app/models/model_library.h"
#include "app/settings/model_settings_backend.h"
#include "app/shell/toast_queue.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

void ModelController::addFile(const QUrl& file) {
    const QString path =
        QFileInfo(file.isLocalFile() ? file.toLocalFile() : file.toString()).absoluteFilePath();
    if (list_.findPath(path)) {
        select(path);
        return;
    }
    keep(path, {}, [this](const LocalModel& kept) { select(kept.id); });
}

void ModelController::keep(const QString& path, const QString& title,
                           std::function<void(const LocalModel&)> then) {
    LocalModel model;
    model.id = path;
    model.path = path;
    model.title = title;
    model.inLibrary = true;
    inspect(model, [this, then = std::move(then)](const LocalModel& inspected) {
        if (!inspected.problem.isEmpty()) {
            toasts_.sayError(inspected.problem, inspected.problemHint);
            return;
        }
        library_.add(inspected);
        list_.put(inspected);
        if (then) then(inspected);
    });
}

void ModelController::addAdapter(const QUrl& file) {
    const QString path =
        QFileInfo(file.isLocalFile() ? file.toLocalFile() : file.toString()).absoluteFilePath();
    const LocalModel* chosen = list_.find(currentId_);
    if (!chosen || modelSettings_.adapters()->holds(path)) return;
    ModelOptions options = modelSettings_.options();
    options.adapters.push_back({path.toStdString(), 1});
    engineThread_.run(
        [&engine = engine_, model = model_, modelPath = chosen->path.toStdString(),
         options]() -> Result<void> {
            PELLUCID_TRY(const MemoryPlan plan, engine.plan(modelPath, options));
            (void)plan;
            if (!model) return {};  // whether it fits the model is seen when that is loaded
            PELLUCID_TRY(const auto session, model->new_session());
            Request trial;
            trial.input = std::string("-");
            trial.adapters = {options.adapters.back()};
            PELLUCID_TRY(const Ledger ledger, session->plan(trial));
            (void)ledger;
            return {};
        },
        this,
        [this, path, id = currentId_](const Result<void>& fits) {
            if (!fits)
                toasts_.sayError(whatOf(fits.error()), hintOf(fits.error()));
            else if (id == currentId_)
                modelSettings_.adapters()->add(path);
        });
}

void ModelController::remove(const QString& modelId) {
    const LocalModel* model = list_.find(modelId);
    if (!model || !model->inLibrary) return;
    const LocalModel kept = *model;
    forget(kept.id);
    library_.remove(kept.path);
    toasts_.show(
        {.text = tr("Removed %1 from the list. The file stays.").arg(ModelListModel::displayName(kept)),
         .actionLabel = tr("Undo"),
         .actionId = QStringLiteral("undo"),
         .action = [this, kept] {
             library_.add(kept);
             list_.put(kept);
         }});
}

void ModelController::keepFile(const QString& path, const QString& title) {
    if (!list_.findPath(path))
        keep(path, title, {});
    else if (path == currentId_)
        modelSettings_.reread();  // what came with it: adapters, presets
}

void ModelController::forget(const QString& modelId) {
    const LocalModel* model = list_.find(modelId);
    if (!model) return;
    if (modelId == currentId_) {
        release();
        setCurrent({});
        setState(NoModel);
        settle(false);
    }
    list_.removeModel(modelId);
}

void ModelController::installStarter() {
    if (starterPath_.isEmpty() || installing_) return;
    installing_ = true;
    emit starterChanged();
    const QString target = modelsFolder() + u'/' + QFileInfo(starterPath_).fileName();
    engineThread_.run(
        [from = starterPath_, target]() -> Result<QString> {
            namespace fs = std::filesystem;
            const fs::path source = from.toStdString(), destination = target.toStdString();
            std::error_code error;
            if (fs::exists(destination, error) &&
                fs::file_size(destination, error) == fs::file_size(source, error))
                return target;
            fs::create_directories(destination.parent_path(), error);
            // The same file under a second name where the disk allows it; else a copy, whole before it has
            // its name.
            fs::create_hard_link(source, destination, error);
            if (!error) return target;
            const fs::path part = destination.string() + ".part";
            fs::copy_file(source, part, fs::copy_options::overwrite_existing, error);
            if (!error) fs::rename(part, destination, error);
            if (!error) return target;
            const bool full = error == std::errc::no_space_on_device;
            const std::string why = error.message();
            fs::remove(part, error);
            return fail(full ? ErrorCode::no_space : ErrorCode::io,
                        tr("The starter model could not be copied to %1: %2")
                            .arg(target, QString::fromStdString(why))
                            .toStdString(),
                        full ? tr("Free some space, then try again.").toStdString()
                             : tr("Check that the data folder can be written.").toStdString());
        },
        this,
        [this](const Result<QString>& installed) {
            installing_ = false;
            emit starterChanged();
            if (!installed)
                toasts_.sayError(whatOf(installed.error()), hintOf(installed.error()));
            else
                addFile(QUrl::fromLocalFile(*installed));
        });
}

}  // namespace pellucid::app
