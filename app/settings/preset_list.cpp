#include "app/settings/preset_list.h"

#include <algorithm>

#include "app/settings/model_settings_backend.h"

namespace pellucid::app {

PresetList::PresetList(ModelSettingsBackend& settings, SettingStore& store)
    : settings_(settings), store_(store) {}

void PresetList::load() {
    const QString model = settings_.modelId();
    presets_ = model.isEmpty() ? QList<SettingPreset>() : store_.presets(model);
    current_ = model.isEmpty() ? QString() : store_.read(model).value(key()).toString();
    if (!find(current_)) current_.clear();
    emit changed();
}

QStringList PresetList::names() const {
    QStringList names;
    for (const SettingPreset& preset : presets_) names.append(preset.name);
    return names;
}

const SettingPreset* PresetList::find(const QString& name) const {
    const auto at = std::ranges::find(presets_, name, &SettingPreset::name);
    return at == presets_.end() ? nullptr : &*at;
}

bool PresetList::modified() const {
    const SettingPreset* preset = find(current_);
    if (!preset) return false;
    // As this version understands it: a value that is no setting any more makes no difference.
    SettingValues values(settings_.defaults());
    values.load(preset->values);
    return settings_.presetValues() != ModelSettingsBackend::presetPart(values);
}

void PresetList::keep() {
    std::ranges::sort(presets_, {}, &SettingPreset::name);
    store_.setPresets(settings_.modelId(), presets_);
}

void PresetList::setCurrent(const QString& name) {
    current_ = name;
    store_.write(settings_.modelId(), key(), name.isEmpty() ? QVariant() : name);
}

bool PresetList::save(const QString& name) {
    const QString plain = name.trimmed();
    if (plain.isEmpty() || settings_.modelId().isEmpty()) return false;
    presets_.removeIf([&](const SettingPreset& preset) { return preset.name == plain; });
    presets_.append({plain, settings_.presetValues()});
    keep();
    setCurrent(plain);
    emit changed();
    return true;
}

void PresetList::choose(const QString& name) {
    const SettingPreset* preset = find(name);
    if ((!preset && !name.isEmpty()) || settings_.modelId().isEmpty()) return;
    setCurrent(name);
    settings_.takePreset(preset ? preset->values : QVariantMap());
    emit changed();
}

bool PresetList::rename(const QString& from, const QString& to) {
    const QString plain = to.trimmed();
    const auto at = std::ranges::find(presets_, from, &SettingPreset::name);
    if (plain.isEmpty() || at == presets_.end() || (plain != from && find(plain))) return false;
    at->name = plain;
    keep();
    if (current_ == from) setCurrent(plain);
    emit changed();
    return true;
}

void PresetList::remove(const QString& name) {
    if (!find(name)) return;
    presets_.removeIf([&](const SettingPreset& preset) { return preset.name == name; });
    keep();
    if (current_ == name) setCurrent({});
    emit changed();
}

}  // namespace pellucid::app

#include "moc_preset_list.cpp"
