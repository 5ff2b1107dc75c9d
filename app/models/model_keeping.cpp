#include "app/models/model_keeping.h"

#include <QLocale>

#include "app/base/wording.h"
#include "app/models/fit_wording.h"
#include "app/models/model_controller.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

ModelKeeping::ModelKeeping(KeepingSource& source, ModelController& models, ToastQueue& toasts,
                           QObject* parent)
    : QObject(parent), source_(source), models_(models), toasts_(toasts) {}

// ---- models of other programs ----

void ModelKeeping::lookElsewhere() {
    source_.findElsewhere(this, [this](std::vector<FoundModel> found) {
        // With an adapter it is another model, whether the plain one is here or not.
        std::erase_if(found, [this](const FoundModel& model) {
            return model.adapters == 0 && models_.list()->findPath(model.path);
        });
        found_.setModels(std::move(found));
    });
}

void ModelKeeping::adopt(const QString& id) {
    const auto found = found_.take(id);
    if (!found) return;
    source_.adopt(*found, this, [this, path = found->path, name = found->name](const Problem& problem) {
        if (problem)
            toasts_.sayError(problem.what, problem.hint);
        else
            models_.keepFile(path, name);
    });
}

void ModelKeeping::adoptAll() {
    for (const FoundModel& model : std::vector(found_.models())) adopt(model.key());
}

// ---- removing ----

void ModelKeeping::askRemoval(const QString& modelId) {
    const LocalModel* model = models_.list()->find(modelId);
    if (!model) return;
    removalId_ = modelId;
    removalName_ = ModelListModel::displayName(*model);
    source_.removal(model->path, this, [this, modelId](Removal removal) {
        if (modelId != removalId_) return;
        removal_ = std::move(removal);
        emit removalChanged();
        emit removalAsked();
    });
}

QString ModelKeeping::removalTitle() const {
    return removal_.erases ? tr("Delete %1?").arg(removalName_)
                           : tr("Take %1 off the list?").arg(removalName_);
}

QString ModelKeeping::removalText() const {
    if (!removal_.erases) return tr("Its file stays where it is. Chats keep what they say.");
    if (!removal_.shared.isEmpty())
        return tr("Frees nothing: %1 uses the same bytes. Chats keep what they say.").arg(removal_.shared);
    return tr("Frees %1. Chats keep what they say; the model can be downloaded again.")
        .arg(fileSizeText(removal_.frees));
}

QString ModelKeeping::removalAct() const {
    return removal_.erases ? tr("Delete") : tr("Take off");
}

void ModelKeeping::remove() {
    const LocalModel* model = models_.list()->find(removalId_);
    if (!model) return;
    const QString path = model->path, name = removalName_;
    const bool erases = removal_.erases;
    const quint64 frees = removal_.frees;
    if (!erases) {
        models_.remove(removalId_);
        return;
    }
    models_.forget(removalId_);
    source_.remove(path, this, [this, name, frees](const Problem& problem) {
        if (problem) {
            toasts_.sayError(problem.what, problem.hint);
            models_.refresh();
        } else {
            toasts_.say(frees > 0 ? tr("%1 is deleted; %2 are free again.").arg(name, fileSizeText(frees))
                                  : tr("%1 is deleted.").arg(name));
        }
    });
}

// ---- checking ----

void ModelKeeping::check(const QString& modelId) {
    const LocalModel* model = models_.list()->find(modelId);
    if (!model || !checkingId_.isEmpty()) return;
    checkingId_ = modelId;
    checkShare_ = 0;
    emit checkChanged();
    source_.check(
        model->path, this,
        [this](double share) {
            checkShare_ = share;
            emit checkChanged();
        },
        [this](const CheckOutcome& outcome) {
            const QString id = std::exchange(checkingId_, QString());
            emit checkChanged();
            sayOutcome(id, outcome);
        });
}

void ModelKeeping::sayOutcome(const QString& modelId, const CheckOutcome& outcome) {
    const LocalModel* model = models_.list()->find(modelId);
    if (!model) return;
    const QString name = ModelListModel::displayName(*model);
    if (outcome.problem) return toasts_.sayError(outcome.problem.what, outcome.problem.hint);
    if (outcome.whole) return toasts_.say(tr("%1 is whole: every byte is as it was published.").arg(name));
    ToastQueue::Toast toast;
    toast.text = outcome.damaged > 0
                     ? tr("%1 is damaged in %2 places.").arg(name, QLocale().toString(outcome.damaged))
                     : tr("%1 is damaged.").arg(name);
    toast.error = true;
    if (outcome.repairable) {
        toast.actionLabel = tr("Repair");
        toast.actionId = QStringLiteral("repair");
        toast.action = [this, path = model->path, name] {
            source_.repair(path, this, [this, name](const Problem& problem) {
                if (problem)
                    toasts_.sayError(problem.what, problem.hint);
                else
                    toasts_.say(tr("%1 is being repaired: only what is damaged is fetched.").arg(name));
            });
        };
    } else {
        toast.text = sentences(toast.text, tr("Delete it and download it again."));
    }
    toasts_.show(std::move(toast));
}

void ModelKeeping::stopCheck() {
    source_.stop();
}

// ---- the folder ----

void ModelKeeping::lookForWaste() {
    source_.findWaste(this, [this](const Waste& waste) {
        waste_ = waste;
        wasteKnown_ = true;
        emit wasteChanged();
    });
}

QString ModelKeeping::duplicatesText() const {
    return waste_.duplicates == 0
               ? QString()
               : tr("%1 files are there twice: %2")
                     .arg(QLocale().toString(waste_.duplicates), fileSizeText(waste_.duplicateBytes));
}

QString ModelKeeping::orphansText() const {
    return waste_.orphans == 0
               ? QString()
               : tr("%1 files belong to no model: %2")
                     .arg(QLocale().toString(waste_.orphans), fileSizeText(waste_.orphanBytes));
}

void ModelKeeping::shareDuplicates() {
    source_.shareDuplicates(this, [this](quint64 freed, const Problem& problem) {
        if (problem)
            toasts_.sayError(problem.what, problem.hint);
        else
            toasts_.say(tr("%1 are free again; every model is still there.").arg(fileSizeText(freed)));
        lookForWaste();
    });
}

void ModelKeeping::eraseOrphans() {
    source_.eraseOrphans(this, [this](quint64 freed, const Problem& problem) {
        if (problem)
            toasts_.sayError(problem.what, problem.hint);
        else
            toasts_.say(tr("%1 are free again.").arg(fileSizeText(freed)));
        lookForWaste();
    });
}

void ModelKeeping::moveTo(const QUrl& folder) {
    if (moving_) return;
    moving_ = true;
    moveShare_ = 0;
    emit moveChanged();
    const QString path = folder.isLocalFile() ? folder.toLocalFile() : folder.toString();
    source_.moveTo(
        path, this,
        [this](double share) {
            moveShare_ = share;
            emit moveChanged();
        },
        [this, path](const Problem& problem) {
            moving_ = false;
            emit moveChanged();
            if (problem)
                toasts_.sayError(problem.what, problem.hint);
            else
                toasts_.say(tr("The models are in %1 now.").arg(path));
            models_.refresh();
        });
}

void ModelKeeping::retranslate() {
    found_.retranslate();
    emit removalChanged();
    emit wasteChanged();
}

}  // namespace pellucid::app

#include "moc_model_keeping.cpp"
