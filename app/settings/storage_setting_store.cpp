#include "app/settings/storage_setting_store.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

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

QVariantMap valuesOf(const std::string& json) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object().toVariantMap();
}

std::string jsonOf(const QVariantMap& values) {
    return QJsonDocument(QJsonObject::fromVariantMap(values)).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<storage::ModelId> findModel(storage::Store& store, const std::string& path) {
    const auto found = store.models().find_by_path(path);
    return found && *found ? std::optional((*found)->id) : std::nullopt;
}

/// A file of the models folder gets a row with its first own setting.
std::optional<storage::ModelId> rowOf(storage::Store& store, const std::string& path) {
    if (const auto id = findModel(store, path)) return id;
    storage::ModelRecord record;
    record.path = path;
    const auto added = store.models().add(record);
    return added ? std::optional(*added) : std::nullopt;
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
            const auto found = store_.models().find_by_path(scope.toStdString());
            models_[scope] = found && *found ? valuesOf((*found)->settings_json) : QVariantMap();
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
    store_.thread().post([this, path = scope.toStdString(), json = jsonOf(values)] {
        if (const auto id = rowOf(store_, path)) (void)store_.models().set_settings(*id, json);
    });
}

// ---- presets and adapters ----

template <typename T>
std::optional<QList<T>> StorageSettingStore::Unwritten<T>::find(const QString& model) {
    const std::lock_guard lock(mutex);
    const auto row = rows.constFind(model);
    return row == rows.constEnd() ? std::nullopt : std::optional(row->values);
}

template <typename T>
void StorageSettingStore::Unwritten<T>::begin(const QString& model, const QList<T>& values) {
    const std::lock_guard lock(mutex);
    Row& row = rows[model];
    row.values = values;
    ++row.writes;
}

template <typename T>
void StorageSettingStore::Unwritten<T>::end(const QString& model) {
    const std::lock_guard lock(mutex);
    if (--rows[model].writes == 0) rows.remove(model);
}

QList<SettingPreset> StorageSettingStore::presets(const QString& model) {
    if (const auto written = presets_->find(model)) return *written;
    QList<SettingPreset> presets;
    if (const auto id = findModel(store_, model.toStdString()))
        if (const auto rows = store_.model_presets().list(*id))
            for (const storage::ModelPreset& row : *rows)
                presets.append({QString::fromStdString(row.name), valuesOf(row.settings_json)});
    return presets;
}

void StorageSettingStore::setPresets(const QString& model, const QList<SettingPreset>& presets) {
    presets_->begin(model, presets);
    store_.thread().post([this, model, presets, unwritten = presets_] {
        if (const auto id = rowOf(store_, model.toStdString())) {
            if (const auto rows = store_.model_presets().list(*id))
                for (const storage::ModelPreset& row : *rows) {
                    const QString name = QString::fromStdString(row.name);
                    if (std::ranges::find(presets, name, &SettingPreset::name) == presets.end())
                        (void)store_.model_presets().remove(row.id);
                }
            for (const SettingPreset& preset : presets)
                (void)store_.model_presets().save(*id, preset.name.toStdString(), jsonOf(preset.values));
        }
        unwritten->end(model);
    });
}

QList<AdapterSetting> StorageSettingStore::adapters(const QString& model) {
    if (const auto written = adapters_->find(model)) return *written;
    QList<AdapterSetting> adapters;
    if (const auto id = findModel(store_, model.toStdString()))
        if (const auto rows = store_.model_presets().adapters(*id))
            for (const storage::ModelAdapter& row : *rows)
                adapters.append({QString::fromStdString(row.path), row.strength, row.enabled});
    return adapters;
}

void StorageSettingStore::setAdapters(const QString& model, const QList<AdapterSetting>& adapters) {
    adapters_->begin(model, adapters);
    store_.thread().post([this, model, adapters, unwritten = adapters_] {
        if (const auto id = rowOf(store_, model.toStdString())) {
            std::vector<storage::ModelAdapter> rows;
            for (const AdapterSetting& adapter : adapters)
                rows.push_back({adapter.path.toStdString(), adapter.strength, adapter.enabled});
            (void)store_.model_presets().set_adapters(*id, rows);
        }
        unwritten->end(model);
    });
}

}  // namespace pellucid::app
