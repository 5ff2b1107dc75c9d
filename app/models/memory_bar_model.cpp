#include "app/models/memory_bar_model.h"

#include <QLocale>
#include <cmath>

namespace pellucid::app {

namespace {

QString gibibytes(double bytes, int decimals) {
    return QLocale().toString(bytes / (1024.0 * 1024 * 1024), 'f', decimals);
}

}  // namespace

int MemoryBarModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Parts);
}

std::array<double, MemoryBarModel::Parts> MemoryBarModel::bytes() const {
    const double free = over() ? 0 : static_cast<double>(device_.total) - static_cast<double>(device_.used());
    return {static_cast<double>(device_.weights), static_cast<double>(device_.context),
            static_cast<double>(device_.working), static_cast<double>(device_.others), free};
}

QVariant MemoryBarModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto part = static_cast<std::size_t>(index.row());
    const double size = bytes()[part];
    switch (role) {
        case LabelRole:
            switch (static_cast<Part>(part)) {
                case Weights:
                    return layers_.isEmpty() ? tr("Weights") : tr("Weights, %1").arg(layers_);
                case Context:
                    return context_ > 0 ? tr("Context, %1 tokens").arg(QLocale().toString(context_))
                                        : tr("Context");
                case Working:
                    return tr("Working space");
                case Others:
                    return tr("Other programs");
                default:
                    return tr("Free");
            }
        case TextRole:
            return tr("%1 GiB").arg(gibibytes(size, 2));
        case DeltaRole: {
            if (part >= Others) return QString();
            const std::array<quint64, 3> before = {first_.weights, first_.context, first_.working};
            const double delta = size - static_cast<double>(before[part]);
            if (std::abs(delta) < 0.005 * 1024 * 1024 * 1024) return QString();
            return (delta > 0 ? QStringLiteral("+") : QStringLiteral("−")) + gibibytes(std::abs(delta), 2);
        }
        case ShareRole:
            return size / std::max(1.0, std::max(static_cast<double>(device_.total),
                                                 static_cast<double>(device_.used())));
        default:
            return {};
    }
}

QHash<int, QByteArray> MemoryBarModel::roleNames() const {
    return {{LabelRole, "label"}, {TextRole, "text"}, {DeltaRole, "delta"}, {ShareRole, "share"}};
}

QString MemoryBarModel::name() const {
    return device_.gpu ? tr("GPU memory") : tr("System memory");
}

QString MemoryBarModel::text() const {
    return tr("%1 of %2 GiB")
        .arg(gibibytes(static_cast<double>(device_.used()), 1),
             gibibytes(static_cast<double>(device_.total), 1));
}

void MemoryBarModel::setPlan(const DevicePlan& device, const QString& layers, int context, bool fresh) {
    present_ = true;
    device_ = device;
    if (fresh) first_ = device;
    layers_ = layers;
    context_ = context;
    emit dataChanged(index(0), index(Parts - 1));
    emit changed();
}

void MemoryBarModel::clear() {
    if (!present_) return;
    present_ = false;
    device_ = first_ = {};
    emit dataChanged(index(0), index(Parts - 1));
    emit changed();
}

}  // namespace pellucid::app

#include "moc_memory_bar_model.cpp"
