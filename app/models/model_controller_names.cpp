// Models by their names: the starter's, and the one that --model asks for.
#include <QFileInfo>
#include <filesystem>

#include "app/base/wording.h"
#include "app/catalogue/model_name.h"
#include "app/models/fit_wording.h"
#include "app/models/model_controller.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

QString ModelController::starterName() const {
    const QString file = QFileInfo(starterPath_).fileName();
    for (const catalogue::Entry& entry : *catalogue_)
        if (!file.isEmpty() && entry.starter.file == file.toStdString())
            return QString::fromStdString(entry.name);
    return QFileInfo(starterPath_).completeBaseName();
}

QString ModelController::starterText() const {
    if (starterPath_.isEmpty()) return tr("The starter model is not installed on this computer.");
    return tr("%1 is included (%2). Good for a first look.")
        .arg(starterName(), fileSizeText(static_cast<quint64>(QFileInfo(starterPath_).size())));
}

bool ModelController::selectNamed(const QString& wanted) {
    std::error_code trouble;
    if (wanted.contains(u'/') || std::filesystem::exists(wanted.toStdString(), trouble)) {
        addFile(QUrl::fromLocalFile(wanted));
        return true;
    }
    // By the name that the list shows, and by the file's, which is what the command line knows.
    const auto& models = list_.models();
    QStringList found;
    for (const bool shown : {false, true}) {
        std::vector<std::string> names;
        for (const LocalModel& model : models)
            names.push_back(
                (shown ? ModelListModel::displayName(model) : QFileInfo(model.path).completeBaseName())
                    .toStdString());
        for (const std::size_t place : catalogue::named(names, wanted.toStdString()))
            if (const QString& id = models[place].id; !found.contains(id)) found.append(id);
    }
    if (found.size() == 1) {
        select(found.first());
        return true;
    }
    const std::vector<std::string> starter = {QFileInfo(starterPath_).completeBaseName().toStdString(),
                                              starterName().toStdString()};
    if (found.isEmpty() && !starterPath_.isEmpty() &&
        !catalogue::named(starter, wanted.toStdString()).empty()) {
        installStarter();
        return true;
    }
    QStringList names;
    for (const LocalModel& model : models)
        if (found.isEmpty() || found.contains(model.id)) names.append(ModelListModel::displayName(model));
    if (found.isEmpty())
        toasts_.sayError(
            tr("There is no file and no model called \"%1\".").arg(wanted),
            names.isEmpty() ? QString() : tr("There are: %1.").arg(names.join(QStringLiteral(", "))));
    else
        toasts_.sayError(tr("Several models are called \"%1\".").arg(wanted),
                         tr("Ask for one of them: %1.").arg(names.join(QStringLiteral(", "))));
    return false;
}

}  // namespace pellucid::app
