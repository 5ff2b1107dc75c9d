#include "app/settings/storage_setting_store.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "app/models/network_controller.h"
#include "app/settings/settings_backend.h"

namespace pellucid::app {

namespace {

storage::SettingValue toStorage(const QVariant& value) {
    switch (value.metaType().id()) {
        case QMetaType::Bool:
            return value.toBool();
        case QMetaType::Int:
        case QMetaType::LongLong:
            return std::int64_t{value.toLongLong()};
        case QMetaType::Double:
            return value.toDouble();
        default:
            return value.toString().toStdString();
    }
}

QVariant fromStorage(const storage::SettingValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return QVariant::fromValue<qlonglong>(*number);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return QString::fromStdString(std::get<std::string>(value));
}

std::string keyOf(const QString& key) {
    return "app." + key.toStdString();
}

}  // namespace

std::vector<storage::SettingSpec> StorageSettingStore::specs() {
    std::vector<storage::SettingSpec> specs;
    for (const QVariantMap& defaults : {SettingsBackend::defaultValues(), NetworkController::defaultValues()})
        for (auto it = defaults.cbegin(); it != defaults.cend(); ++it)
            specs.push_back({keyOf(it.key()), toStorage(it.value())});
    return specs;
}

StorageSettingStore::StorageSettingStore(storage::Store& store) : store_(store) {}

QVariantMap StorageSettingStore::read(const QString& scope) {
    if (!scope.isEmpty()) {
        if (!models_.contains(scope)) {
            QVariantMap stored;
            const auto found = store_.models().find_by_path(scope.toStdString());
            if (found && *found)
                stored = QJsonDocument::fromJson(QByteArray::fromStdString((*found)->settings_json))
                             .object()
                             .toVariantMap();
            models_[scope] = stored;
        }
        return models_[scope];
    }
    QVariantMap values;
    for (const auto& change : store_.settings().changed())
        if (change.key.starts_with("app."))
            values[QString::fromStdString(change.key.substr(4))] = fromStorage(change.value);
    return values;
}

void StorageSettingStore::write(const QString& scope, const QString& key, const QVariant& value) {
    if (scope.isEmpty()) {
        store_.thread().post([this, key = keyOf(key), value] {
            if (value.isValid())
                (void)store_.settings().set(key, toStorage(value));
            else
                (void)store_.settings().reset(key);
        });
        return;
    }
    QVariantMap& values = models_[scope];
    if (value.isValid())
        values[key] = value;
    else
        values.remove(key);
    store_.thread().post(
        [this, path = scope.toStdString(),
         json = QJsonDocument(QJsonObject::fromVariantMap(values)).toJson(QJsonDocument::Compact)] {
            auto found = store_.models().find_by_path(path);
            if (!found) return;
            storage::ModelId id = *found ? (*found)->id : 0;
            if (id == 0) {
                // A file of the models folder gets a row with its first own setting.
                storage::ModelRecord record;
                record.path = path;
                auto added = store_.models().add(record);
                if (!added) return;
                id = *added;
            }
            (void)store_.models().set_settings(id, json.toStdString());
        });
}

}  // namespace pellucid::app
