#include "app/models/model_list_model.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>

#include "app/models/fit_wording.h"

namespace pellucid::app {

namespace {

QString gibibytes(double bytes) {
    return QLocale().toString(bytes / (1024.0 * 1024 * 1024), 'f', 1);
}

}  // namespace

ModelListModel::ModelListModel(QObject* parent) : QAbstractListModel(parent) {}

int ModelListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QString ModelListModel::displayName(const LocalModel& model) {
    // Headers carry names of training runs ("… Lc100K Mix1 Ep2"); the file's name is what people know the
    // model by.
    static const QRegularExpression kQuantization(QStringLiteral("[-._](I?Q\\d\\w*|B?F16|F32|FP16|UD)$"),
                                                  QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression kNothing(QStringLiteral("^(model|ggml-model|gguf|[0-9a-f]{16,}|.{0,3})$"),
                                             QRegularExpression::CaseInsensitiveOption);
    if (!model.title.isEmpty()) return model.title;
    QString stem = QFileInfo(model.path).completeBaseName();
    for (QString before; before != stem;) {
        before = stem;
        stem.remove(kQuantization);
    }
    const QString name = QString::fromStdString(model.info.name).trimmed();
    if (kNothing.match(stem).hasMatch() && !name.isEmpty()) return name;
    return stem.replace(u'-', u' ').replace(u'_', u' ').simplified();
}

QVariant ModelListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const LocalModel& model = models_[static_cast<std::size_t>(index.row())];
    const bool planned = model.memory.total() > 0;
    if (!model.inspected &&
        (role == VerdictRole || role == SeverityRole || role == FitsRole || role == MemoryTextRole))
        wantInspection(model);
    switch (role) {
        case ModelIdRole:
            return model.id;
        case NameRole:
            return displayName(model);
        case PathRole:
            return model.path;
        case FactsRole: {
            QStringList facts;
            if (!model.info.architecture.empty())
                facts.append(QString::fromStdString(model.info.architecture));
            if (model.info.parameters > 0)
                facts.append(parameterText(static_cast<double>(model.info.parameters)));
            if (!model.info.quantization.empty())
                facts.append(QString::fromStdString(model.info.quantization));
            if (model.info.trained_context > 0)
                facts.append(QCoreApplication::translate("FitWording", "%1 context")
                                 .arg(contextText(model.info.trained_context)));
            return facts.join(QStringLiteral(" · "));
        }
        case SizeTextRole:
            return model.info.file_bytes == 0 ? QString() : fileSizeText(model.info.file_bytes);
        case MemoryTextRole:
            return planned ? tr("Needs %1 GiB").arg(gibibytes(static_cast<double>(model.memory.total())))
                           : QString();
        case FitsRole:
            return planned && model.memory.fits();
        case VerdictRole:
            if (!model.problem.isEmpty()) return model.problem;
            if (!planned) return QString();
            return model.memory.fits() ? tr("Fits in memory")
                                       : tr("Needs %1 GiB more")
                                             .arg(gibibytes(static_cast<double>(model.memory.total() -
                                                                                model.memory.available)));
        case SeverityRole:
            if (!model.problem.isEmpty()) return QStringLiteral("bad");
            if (!planned) return QString();
            return model.memory.fits() ? QStringLiteral("ok") : QStringLiteral("bad");
        case CurrentRole:
            return model.id == currentId_;
        case LoadedRole:
            return model.id == currentId_ && currentLoaded_;
        case InLibraryRole:
            return model.inLibrary;
        default:
            return {};
    }
}

QHash<int, QByteArray> ModelListModel::roleNames() const {
    return {{ModelIdRole, "modelId"}, {NameRole, "name"},         {PathRole, "path"},
            {FactsRole, "facts"},     {SizeTextRole, "sizeText"}, {MemoryTextRole, "memoryText"},
            {FitsRole, "fits"},       {VerdictRole, "verdict"},   {SeverityRole, "severity"},
            {CurrentRole, "current"}, {LoadedRole, "loaded"},     {InLibraryRole, "inLibrary"}};
}

int ModelListModel::rowOf(const QString& modelId) const {
    return rowById_.value(modelId, -1);
}

void ModelListModel::wantInspection(const LocalModel& model) const {
    if (wanted_.contains(model.id)) return;
    wanted_.insert(model.id);
    // Not from within a view that is asking.
    auto* self = const_cast<ModelListModel*>(this);
    QMetaObject::invokeMethod(
        self, [self, id = model.id] { emit self->inspectionWanted(id); }, Qt::QueuedConnection);
}

void ModelListModel::indexRows() {
    rowById_.clear();
    rowByPath_.clear();
    for (int i = 0; i < count(); ++i) {
        const LocalModel& model = models_[static_cast<std::size_t>(i)];
        rowById_.insert(model.id, i);
        rowByPath_.insert(model.path, i);
    }
}

void ModelListModel::setModels(std::vector<LocalModel> models) {
    beginResetModel();
    models_ = std::move(models);
    indexRows();
    endResetModel();
    emit countChanged();
}

void ModelListModel::put(const LocalModel& model) {
    wanted_.remove(model.id);
    const int row = rowOf(model.id);
    if (row >= 0) {
        LocalModel& kept = models_[static_cast<std::size_t>(row)];
        rowByPath_.remove(kept.path);
        rowByPath_.insert(model.path, row);
        kept = model;
        emit dataChanged(index(row), index(row));
        return;
    }
    beginInsertRows({}, count(), count());
    rowById_.insert(model.id, count());
    rowByPath_.insert(model.path, count());
    models_.push_back(model);
    endInsertRows();
    emit countChanged();
}

void ModelListModel::removeModel(const QString& modelId) {
    const int row = rowOf(modelId);
    if (row < 0) return;
    beginRemoveRows({}, row, row);
    models_.erase(models_.begin() + row);
    indexRows();
    endRemoveRows();
    emit countChanged();
}

const LocalModel* ModelListModel::find(const QString& modelId) const {
    const int row = rowOf(modelId);
    return row < 0 ? nullptr : &models_[static_cast<std::size_t>(row)];
}

const LocalModel* ModelListModel::findPath(const QString& path) const {
    const int row = rowByPath_.value(path, -1);
    return row < 0 ? nullptr : &models_[static_cast<std::size_t>(row)];
}

void ModelListModel::setCurrent(const QString& modelId, bool loaded) {
    currentId_ = modelId;
    currentLoaded_ = loaded;
    if (count() > 0) emit dataChanged(index(0), index(count() - 1), {CurrentRole, LoadedRole});
}

}  // namespace pellucid::app

#include "moc_model_list_model.cpp"
