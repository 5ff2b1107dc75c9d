// Every connection: when, with whom, what for, how many bytes; newest first.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include "app/models/network_source.h"

namespace pellucid::app {

class NetworkLedgerModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(NetworkLedgerModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(bool active READ active WRITE setActive NOTIFY activeChanged)  ///< it is looked at
    Q_PROPERTY(QString totalText READ totalText NOTIFY countChanged)  ///< "12 connections · 4.9 GB received"

public:
    enum Role {
        TimeRole = Qt::UserRole + 1,  ///< time: "14:02", or with its date
        HostRole,                     ///< host
        PurposeRole,                  ///< purpose: "Search", "File header", "Download", "Checksum"
        SubjectRole,                  ///< subject: what it was for
        BytesRole,                    ///< bytes: "4.68 GB received", "Refused: offline"
        RefusedRole,                  ///< refused
    };
    static constexpr int kRows = 500;

    explicit NetworkLedgerModel(NetworkSource& source, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(rows_.size()); }
    bool active() const { return active_; }
    void setActive(bool active);
    QString totalText() const;
    Q_INVOKABLE void forget();
    void retranslate();

signals:
    void countChanged();
    void activeChanged();

private:
    void read();
    void take(std::vector<LedgerRow> rows);

    NetworkSource& source_;
    std::vector<LedgerRow> rows_;
    QTimer step_;
    bool active_ = false, reading_ = false, again_ = false;
};

}  // namespace pellucid::app
