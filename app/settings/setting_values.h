// Named values with defaults: what both settings backends keep, and where they are stored.
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QVariantMap>
#include <functional>

namespace pellucid::app {

/// Named settings of a model: "Writing". Only values that differ from their default.
struct SettingPreset {
    QString name;  ///< unique within the model
    QVariantMap values;
    bool operator==(const SettingPreset&) const = default;
};

/// An adapter (LoRA) of a model: a GGUF file or a PEFT folder.
struct AdapterSetting {
    QString path;
    double strength = 1;
    bool enabled = true;
    bool operator==(const AdapterSetting&) const = default;
};

/// Where settings live. `scope` is empty for the app's own, else a model's id. Writes return at once, and are
/// seen by reads at once.
class SettingStore {
public:
    virtual ~SettingStore() = default;
    /// What was stored for this scope; only values that differ from their default.
    virtual QVariantMap read(const QString& scope) = 0;
    /// An invalid value removes the key.
    virtual void write(const QString& scope, const QString& key, const QVariant& value) = 0;

    /// Of a model, by name.
    virtual QList<SettingPreset> presets(const QString& model) = 0;
    /// The model has these, and no others.
    virtual void setPresets(const QString& model, const QList<SettingPreset>& presets) = 0;
    /// Of a model, in their order.
    virtual QList<AdapterSetting> adapters(const QString& model) = 0;
    virtual void setAdapters(const QString& model, const QList<AdapterSetting>& adapters) = 0;
};

/// Keeps settings in memory only.
class MemorySettingStore final : public SettingStore {
public:
    QVariantMap read(const QString& scope) override { return values_.value(scope); }
    void write(const QString& scope, const QString& key, const QVariant& value) override {
        if (value.isValid())
            values_[scope][key] = value;
        else
            values_[scope].remove(key);
    }
    QList<SettingPreset> presets(const QString& model) override { return presets_.value(model); }
    void setPresets(const QString& model, const QList<SettingPreset>& presets) override {
        presets_[model] = presets;
    }
    QList<AdapterSetting> adapters(const QString& model) override { return adapters_.value(model); }
    void setAdapters(const QString& model, const QList<AdapterSetting>& adapters) override {
        adapters_[model] = adapters;
    }

private:
    QHash<QString, QVariantMap> values_;
    QHash<QString, QList<SettingPreset>> presets_;
    QHash<QString, QList<AdapterSetting>> adapters_;
};

/// Values of one scope over a list of defaults. A value keeps its default's type.
class SettingValues {
public:
    explicit SettingValues(QVariantMap defaults) : defaults_(std::move(defaults)) {}

    void load(const QVariantMap& stored);
    QVariant value(const QString& key) const { return changed_.value(key, defaults_.value(key)); }
    const QVariantMap& defaults() const { return defaults_; }
    /// Another default (a model's own recommendation). Values equal to it count as unchanged.
    void setDefault(const QString& key, const QVariant& value);
    /// False: unknown key, a value of another kind, or no change.
    bool set(const QString& key, const QVariant& value);
    bool reset(const QString& key);
    bool isChanged(const QString& key) const { return changed_.contains(key); }
    QStringList changedKeys() const { return changed_.keys(); }

private:
    QVariantMap defaults_;
    QVariantMap changed_;
};

}  // namespace pellucid::app
