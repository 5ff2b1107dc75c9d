// Adapters (LoRA) of the model in use: which, how strong, at work or not. The next reply follows them; the
// model need not be loaded again.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <vector>

#include "app/settings/setting_values.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

class AdapterList : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(AdapterList)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY changed)

public:
    enum Role {
        NameRole = Qt::UserRole + 1,  ///< name: the file's or folder's
        PathRole,                     ///< path
        StrengthRole,                 ///< strength: 0 to 2, 1 is as it was made
        UsedRole,                     ///< used: bool
        MissingRole,  ///< missing: its file is not there; replies are refused while it is used
    };

    explicit AdapterList(SettingStore& store) : store_(store) {}

    int count() const { return static_cast<int>(adapters_.size()); }
    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE void setStrength(int row, double strength);
    Q_INVOKABLE void setUsed(int row, bool used);
    /// Its file stays.
    Q_INVOKABLE void remove(int row);

    /// Of a model that was opened with it already; ModelController::addAdapter looks at the file first.
    void add(const QString& path);
    bool holds(const QString& path) const;
    /// Another model: its adapters.
    void load(const QString& modelId);
    /// Those at work, as the engine takes them.
    std::vector<AdapterStrength> used() const;

signals:
    void changed();

private:
    void keep(int row, int role);

    SettingStore& store_;
    QString modelId_;
    QList<AdapterSetting> adapters_;
};

}  // namespace pellucid::app
