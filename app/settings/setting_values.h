// Named values with defaults: what both settings backends keep, and where they are stored.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QVariantMap>
#include <functional>

namespace pellucid::app {

/// Where settings live. `scope` is empty for the app's own, else a model's id. Writes return at once.
class SettingStore {
public:
    virtual ~SettingStore() = default;
    /// What was stored for this scope; only values that differ from their default.
    virtual QVariantMap read(const QString& scope) = 0;
    /// An invalid value removes the key.
    virtual void write(const QString& scope, const QString& key, const QVariant& value) = 0;
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

private:
    QHash<QString, QVariantMap> values_;
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
