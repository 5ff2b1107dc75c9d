#include "app/models/found_model_list.h"

#include <algorithm>

#include "app/models/fit_wording.h"

namespace pellucid::app {

int FoundModelList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant FoundModelList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const FoundModel& model = models_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case PathRole:
            return model.path;
        case NameRole:
            return model.name;
        case ProgramRole:
            return model.program;
        case SizeTextRole:
            return fileSizeText(model.bytes);
        case FoundIdRole:
            return model.key();
        default:
            return {};
    }
}

QHash<int, QByteArray> FoundModelList::roleNames() const {
    return {{PathRole, "path"},
            {NameRole, "name"},
            {ProgramRole, "program"},
            {SizeTextRole, "sizeText"},
            {FoundIdRole, "foundId"}};
}

QString FoundModelList::text() const {
    if (models_.empty()) return {};
    QStringList programs;
    quint64 bytes = 0;
    for (const FoundModel& model : models_) {
        if (!programs.contains(model.program)) programs.append(model.program);
        bytes += model.bytes;
    }
    const QString last = programs.takeLast();
    const QString names =
        programs.isEmpty() ? last : tr("%1 and %2").arg(programs.join(tr(", ", "between programs")), last);
    return count() == 1 ? tr("One model of %1 is on this computer, %2").arg(names, fileSizeText(bytes))
                        : tr("%1 models of %2 are on this computer, %3")
                              .arg(QString::number(count()), names, fileSizeText(bytes));
}

void FoundModelList::setModels(std::vector<FoundModel> models) {
    beginResetModel();
    models_ = std::move(models);
    endResetModel();
    emit changed();
}

std::optional<FoundModel> FoundModelList::take(const QString& id) {
    for (std::size_t i = 0; i < models_.size(); ++i) {
        if (models_[i].key() != id) continue;
        const int row = static_cast<int>(i);
        FoundModel taken = std::move(models_[i]);
        beginRemoveRows({}, row, row);
        models_.erase(models_.begin() + row);
        endRemoveRows();
        emit changed();
        return taken;
    }
    return {};
}

}  // namespace pellucid::app

#include "moc_found_model_list.cpp"
