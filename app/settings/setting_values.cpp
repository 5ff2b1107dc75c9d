#include "app/settings/setting_values.h"

namespace pellucid::app {

void SettingValues::load(const QVariantMap& stored) {
    changed_.clear();
    for (auto it = stored.cbegin(); it != stored.cend(); ++it) set(it.key(), it.value());
}

void SettingValues::setDefault(const QString& key, const QVariant& value) {
    defaults_[key] = value;
    if (changed_.value(key) == value) changed_.remove(key);
}

bool SettingValues::set(const QString& key, const QVariant& value) {
    const auto it = defaults_.constFind(key);
    if (it == defaults_.constEnd()) return false;
    QVariant converted = value;
    if (!converted.convert(it->metaType())) return false;
    if (converted == this->value(key)) return false;
    if (converted == *it)
        changed_.remove(key);
    else
        changed_[key] = converted;
    return true;
}

bool SettingValues::reset(const QString& key) {
    return changed_.remove(key) > 0;
}

}  // namespace pellucid::app
