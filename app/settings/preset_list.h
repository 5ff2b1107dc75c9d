// Named settings of the model in use: "Writing", "Code, strict". How it thinks, how it chooses words, its
// system prompt; what memory and device it takes stays the machine's matter.
#pragma once

#include <QObject>
#include <QQmlEngine>

#include "app/settings/setting_values.h"

namespace pellucid::app {

class ModelSettingsBackend;

class PresetList : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(PresetList)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QStringList names READ names NOTIFY changed)  ///< in order
    /// The one that was chosen last; empty: none. The next reply follows the settings as they are, which are
    /// this preset's unless `modified`.
    Q_PROPERTY(QString current READ current NOTIFY changed)
    Q_PROPERTY(bool modified READ modified NOTIFY changed)

public:
    PresetList(ModelSettingsBackend& settings, SettingStore& store);

    QStringList names() const;
    QString current() const { return current_; }
    bool modified() const;

    /// Keeps the settings as they are now under this name, and chooses it; one of that name is replaced.
    /// False: no name.
    Q_INVOKABLE bool save(const QString& name);
    /// Its values become the model's settings; whatever it does not name goes back to its default. An empty
    /// name: the model's own defaults, and no preset.
    Q_INVOKABLE void choose(const QString& name);
    /// False: no name, or another has it.
    Q_INVOKABLE bool rename(const QString& from, const QString& to);
    /// The settings stay as they are.
    Q_INVOKABLE void remove(const QString& name);

    /// Of the name of the preset that was chosen, beside the model's own settings in the store.
    static QString key() { return QStringLiteral("preset"); }

    // -- driven by the settings --
    /// Another model: its presets.
    void load();

signals:
    void changed();

private:
    const SettingPreset* find(const QString& name) const;
    void keep();
    void setCurrent(const QString& name);

    ModelSettingsBackend& settings_;
    SettingStore& store_;
    QList<SettingPreset> presets_;
    QString current_;
};

}  // namespace pellucid::app
