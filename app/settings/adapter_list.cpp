#include "app/settings/adapter_list.h"

#include <QFileInfo>
#include <algorithm>

namespace pellucid::app {

QVariant AdapterList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const AdapterSetting& adapter = adapters_[index.row()];
    switch (role) {
        case NameRole:
        case Qt::DisplayRole: {
            const QFileInfo file(adapter.path);
            // Ollama names files by their digest.
            if (file.fileName().startsWith(QLatin1String("sha256-")))
                return tr("Adapter %1").arg(file.fileName().mid(7, 8));
            return file.suffix() == QLatin1String("gguf") ? file.completeBaseName() : file.fileName();
        }
        case PathRole:
            return adapter.path;
        case StrengthRole:
            return adapter.strength;
        case UsedRole:
            return adapter.enabled;
        case MissingRole:
            return !QFileInfo::exists(adapter.path);
        default:
            return {};
    }
}

QHash<int, QByteArray> AdapterList::roleNames() const {
    return {{NameRole, "name"},
            {PathRole, "path"},
            {StrengthRole, "strength"},
            {UsedRole, "used"},
            {MissingRole, "missing"}};
}

void AdapterList::load(const QString& modelId) {
    beginResetModel();
    modelId_ = modelId;
    adapters_ = modelId.isEmpty() ? QList<AdapterSetting>() : store_.adapters(modelId);
    endResetModel();
    emit changed();
}

void AdapterList::keep(int row, int role) {
    store_.setAdapters(modelId_, adapters_);
    emit dataChanged(index(row), index(row), {role});
    emit changed();
}

void AdapterList::setStrength(int row, double strength) {
    if (row < 0 || row >= count()) return;
    const double bounded = qBound(0.0, strength, 2.0);
    if (adapters_[row].strength == bounded) return;
    adapters_[row].strength = bounded;
    keep(row, StrengthRole);
}

void AdapterList::setUsed(int row, bool used) {
    if (row < 0 || row >= count() || adapters_[row].enabled == used) return;
    adapters_[row].enabled = used;
    keep(row, UsedRole);
}

void AdapterList::remove(int row) {
    if (row < 0 || row >= count()) return;
    beginRemoveRows({}, row, row);
    adapters_.removeAt(row);
    endRemoveRows();
    store_.setAdapters(modelId_, adapters_);
    emit changed();
}

void AdapterList::add(const QString& path) {
    if (modelId_.isEmpty() || holds(path)) return;
    beginInsertRows({}, count(), count());
    adapters_.append({path, 1, true});
    endInsertRows();
    store_.setAdapters(modelId_, adapters_);
    emit changed();
}

bool AdapterList::holds(const QString& path) const {
    return std::ranges::find(adapters_, path, &AdapterSetting::path) != adapters_.end();
}

std::vector<AdapterStrength> AdapterList::used() const {
    std::vector<AdapterStrength> used;
    for (const AdapterSetting& adapter : adapters_)
        if (adapter.enabled)
            used.push_back({adapter.path.toStdString(), static_cast<float>(adapter.strength)});
    return used;
}

}  // namespace pellucid::app

#include "moc_adapter_list.cpp"
