#include "app/settings/settings_backend.h"

namespace pellucid::app {

QVariantMap SettingsBackend::defaultValues() {
    return {{QStringLiteral("theme"), static_cast<int>(MatchSystem)},
            {QStringLiteral("language"), QString()},
            {QStringLiteral("thoughtDisplay"), static_cast<int>(WhileThinking)},
            {QStringLiteral("autoScroll"), true},
            {QStringLiteral("motion"), static_cast<int>(AsDesktop)},
            {QStringLiteral("contrast"), static_cast<int>(AsDesktop)},
            {QStringLiteral("showStatistics"), false},
            {QStringLiteral("zoom"), 100},
            {QStringLiteral("sidebarWidth"), 264},
            {QStringLiteral("sidebarOpen"), true},
            {QStringLiteral("loadModelAtStart"), true},
            {QStringLiteral("keepAliveSeconds"), 1800},
            {QStringLiteral("modelsFolder"), QString()},
            {QStringLiteral("lastModel"), QString()}};
}

namespace {

/// What is stored as a wish is shown as a switch.
QString shownKey(const QString& key) {
    if (key == QLatin1String("motion")) return QStringLiteral("reducedMotion");
    return key == QLatin1String("contrast") ? QStringLiteral("highContrast") : key;
}
QString storedKey(const QString& key) {
    if (key == QLatin1String("reducedMotion")) return QStringLiteral("motion");
    return key == QLatin1String("highContrast") ? QStringLiteral("contrast") : key;
}

}  // namespace

QStringList SettingsBackend::changedKeys() const {
    QStringList keys;
    for (const QString& key : values_.changedKeys()) keys.append(shownKey(key));
    return keys;
}

QVariantMap SettingsBackend::defaults() const {
    QVariantMap defaults = values_.defaults();
    defaults.remove(QStringLiteral("motion"));
    defaults.remove(QStringLiteral("contrast"));
    defaults[QStringLiteral("reducedMotion")] = desktopReducedMotion_;
    defaults[QStringLiteral("highContrast")] = desktopHighContrast_;
    return defaults;
}

void SettingsBackend::setDesktop(bool reducedMotion, bool highContrast) {
    if (desktopReducedMotion_ == reducedMotion && desktopHighContrast_ == highContrast) return;
    desktopReducedMotion_ = reducedMotion;
    desktopHighContrast_ = highContrast;
    emit changed();
}

SettingsBackend::SettingsBackend(SettingStore& store, const QString& dataFolder, QObject* parent)
    : QObject(parent), store_(store), dataFolder_(dataFolder) {
    values_.load(store_.read({}));
}

QString SettingsBackend::modelsFolder() const {
    const QString moved = values_.value(QStringLiteral("modelsFolder")).toString();
    return moved.isEmpty() ? dataFolder_ + QStringLiteral("/models") : moved;
}

void SettingsBackend::setModelsFolder(const QString& folder) {
    set(QStringLiteral("modelsFolder"),
        folder == dataFolder_ + QStringLiteral("/models") ? QString() : folder);
}

void SettingsBackend::set(const QString& key, const QVariant& value) {
    if (!values_.set(key, value)) return;
    store_.write({}, key, values_.isChanged(key) ? values_.value(key) : QVariant());
    announce(key);
}

void SettingsBackend::reset(const QString& shown) {
    const QString key = storedKey(shown);
    if (!values_.reset(key)) return;
    store_.write({}, key, {});
    announce(key);
}

void SettingsBackend::resetAll() {
    for (const QString& key : values_.changedKeys())
        if (key != QLatin1String("lastModel") && key != QLatin1String("modelsFolder")) reset(key);
}

void SettingsBackend::announce(const QString& key) {
    emit changed();
    if (key == QLatin1String("theme")) emit themeChanged();
    if (key == QLatin1String("language")) emit languageChanged();
    if (key == QLatin1String("thoughtDisplay")) emit thoughtDisplayChanged();
}

}  // namespace pellucid::app

#include "moc_settings_backend.cpp"
