// Settings in the database: the app's own as typed settings, a model's as the JSON kept with the model.
#pragma once

#include <QHash>
#include <memory>

#include "app/settings/setting_values.h"
#include "storage/store.h"

namespace pellucid::app {

class StorageSettingStore final : public SettingStore {
public:
    /// `store` must outlive this object and have been opened with specs().
    explicit StorageSettingStore(storage::Store& store);

    QVariantMap read(const QString& scope) override;
    void write(const QString& scope, const QString& key, const QVariant& value) override;

    /// The app's settings as storage wants them, from the backend's defaults.
    static std::vector<storage::SettingSpec> specs();

private:
    storage::Store& store_;
    QHash<QString, QVariantMap> models_;  // model path -> what was changed, as read or written here
};

}  // namespace pellucid::app
