#include "app/models/network_ledger_model.h"

#include <QDateTime>
#include <QLocale>

#include "app/models/fit_wording.h"

namespace pellucid::app {

NetworkLedgerModel::NetworkLedgerModel(NetworkSource& source, QObject* parent)
    : QAbstractListModel(parent), source_(source) {
    step_.setSingleShot(true);
    step_.setInterval(500);
    connect(&step_, &QTimer::timeout, this, [this] {
        if (std::exchange(again_, false)) read();
    });
    source_.watch(this, [this] {
        again_ = true;
        if (active_ && !reading_ && !step_.isActive()) step_.start();
    });
}

void NetworkLedgerModel::setActive(bool active) {
    if (active == active_) return;
    active_ = active;
    emit activeChanged();
    if (active_) read();
}

void NetworkLedgerModel::read() {
    if (reading_) {
        again_ = true;
        return;
    }
    reading_ = true;
    source_.rows(kRows, this, [this](std::vector<LedgerRow> rows) {
        reading_ = false;
        take(std::move(rows));
        if (again_ && active_) step_.start();
    });
}

void NetworkLedgerModel::take(std::vector<LedgerRow> rows) {
    // New ones above; those that are known change in place.
    const qint64 newest = rows_.empty() ? -1 : rows_.front().id;
    std::size_t fresh = 0;
    while (fresh < rows.size() && rows[fresh].id > newest) ++fresh;
    const bool follows = fresh < rows.size() && !rows_.empty() && rows[fresh].id == newest;
    if (!follows && !(rows_.empty() && rows.empty())) {
        beginResetModel();
        rows_ = std::move(rows);
        endResetModel();
        emit countChanged();
        return;
    }
    if (fresh > 0) {
        beginInsertRows({}, 0, static_cast<int>(fresh) - 1);
        rows_.insert(rows_.begin(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(fresh));
        endInsertRows();
    }
    if (rows_.size() > rows.size()) {
        beginRemoveRows({}, static_cast<int>(rows.size()), count() - 1);
        rows_.resize(rows.size());
        endRemoveRows();
    }
    for (std::size_t i = fresh; i < rows_.size(); ++i) {
        if (rows_[i] == rows[i]) continue;
        rows_[i] = rows[i];
        emit dataChanged(index(static_cast<int>(i)), index(static_cast<int>(i)));
    }
    emit countChanged();
}

int NetworkLedgerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant NetworkLedgerModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const LedgerRow& row = rows_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case TimeRole: {
            const QDateTime at = QDateTime::fromMSecsSinceEpoch(row.atMs);
            return at.date() == QDate::currentDate()
                       ? QLocale().toString(at.time(), QStringLiteral("HH:mm"))
                       : QLocale().toString(at, tr("d MMM HH:mm", "date and time"));
        }
        case HostRole:
            return row.host;
        case PurposeRole:
            if (row.purpose == QLatin1String("search")) return tr("Search");
            if (row.purpose == QLatin1String("header")) return tr("File header");
            if (row.purpose == QLatin1String("checksum")) return tr("Checksum");
            return tr("Download");
        case SubjectRole:
            return row.subject;
        case BytesRole:
            return row.refused ? tr("Refused: offline") : fileSizeText(row.received);
        case RefusedRole:
            return row.refused;
        default:
            return {};
    }
}

QHash<int, QByteArray> NetworkLedgerModel::roleNames() const {
    return {{TimeRole, "time"},       {HostRole, "host"},   {PurposeRole, "purpose"},
            {SubjectRole, "subject"}, {BytesRole, "bytes"}, {RefusedRole, "refused"}};
}

QString NetworkLedgerModel::totalText() const {
    if (rows_.empty()) return {};
    quint64 received = 0;
    for (const LedgerRow& row : rows_) received += row.received;
    const QString bytes = tr("%1 received").arg(fileSizeText(received));
    return (count() == 1 ? tr("One connection") : tr("%1 connections").arg(QLocale().toString(count()))) +
           QStringLiteral(" · ") + bytes;
}

void NetworkLedgerModel::forget() {
    source_.forget(this, [this] { read(); });
}

void NetworkLedgerModel::retranslate() {
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
    emit countChanged();
}

}  // namespace pellucid::app

#include "moc_network_ledger_model.cpp"
