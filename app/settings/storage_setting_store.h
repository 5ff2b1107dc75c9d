// Settings in the database: the app's own as typed settings, a model's as the JSON kept with the model.
#pragma once

#include <QHash>
#include <memory>
#include <mutex>
#include <optional>

#include "app/settings/setting_values.h"
#include "storage/store.h"

namespace pellucid::app {

class StorageSettingStore final : public SettingStore {
public:
    /// `store` must outlive this object and have been opened with specs().
    explicit StorageSettingStore(storage::Store& store);

    QVariantMap read(const QString& scope) override;
    void write(const QString& scope, const QString& key, const QVariant& value) override;
    QList<SettingPreset> presets(const QString& model) override;
    void setPresets(const QString& model, const QList<SettingPreset>& presets) override;
    QList<AdapterSetting> adapters(const QString& model) override;
    void setAdapters(const QString& model, const QList<AdapterSetting>& adapters) override;

    /// The app's settings as storage wants them, from the backend's defaults.
    static std::vector<storage::SettingSpec> specs();

private:
    /// Values that are on their way to the disk: until they are there, reads see them here.
    template <typename T>
    struct Unwritten {
        struct Row {
            QList<T> values;
            int writes = 0;
        };
        std::mutex mutex;
        QHash<QString, Row> rows;

        std::optional<QList<T>> find(const QString& model);
        void begin(const QString& model, const QList<T>& values);
        void end(const QString& model);
    };

    storage::Store& store_;
    QHash<QString, QVariantMap> models_;  // model path -> what was changed, as read or written here
    const std::shared_ptr<Unwritten<SettingPreset>> presets_ = std::make_shared<Unwritten<SettingPreset>>();
    const std::shared_ptr<Unwritten<AdapterSetting>> adapters_ =
        std::make_shared<Unwritten<AdapterSetting>>();
};

}  // namespace pellucid::app
