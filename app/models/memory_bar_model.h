// One device's memory as a stacked bar: five parts, always the same rows, so that a slider moves numbers and
// makes nothing new.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <array>

#include "app/models/offered_model.h"

namespace pellucid::app {

class MemoryBarModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(MemoryBarModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(bool present READ present NOTIFY changed)  ///< there is such a device
    Q_PROPERTY(bool gpu READ gpu NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)  ///< "GPU memory"
    Q_PROPERTY(QString text READ text NOTIFY changed)  ///< "7.9 of 12.0 GiB"
    Q_PROPERTY(bool over READ over NOTIFY changed)     ///< more than there is

public:
    enum Role {
        LabelRole = Qt::UserRole + 1,  ///< label: "Weights, 28 of 28 layers"
        TextRole,                      ///< text: "4.36 GiB"
        DeltaRole,                     ///< delta: "+0.88" against what it began with; empty: the same
        ShareRole,                     ///< share of the whole, 0 to 1
    };
    enum Part { Weights, Context, Working, Others, Free, Parts };

    explicit MemoryBarModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    bool present() const { return present_; }
    bool gpu() const { return device_.gpu; }
    QString name() const;
    QString text() const;
    bool over() const { return device_.used() > device_.total; }

    /// `layers`, `context`: words for the labels. `fresh`: deltas count from here on.
    void setPlan(const DevicePlan& device, const QString& layers, int context, bool fresh);
    void clear();

signals:
    void changed();

private:
    std::array<double, Parts> bytes() const;

    bool present_ = false;
    DevicePlan device_, first_;
    QString layers_;
    int context_ = 0;
};

}  // namespace pellucid::app
