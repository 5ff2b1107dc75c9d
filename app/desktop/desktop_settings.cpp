#include "app/desktop/desktop_settings.h"

#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QMap>

namespace pellucid::app {

namespace {

using Groups = QMap<QString, QVariantMap>;

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kAppearance = QStringLiteral("org.freedesktop.appearance");
const QString kGnome = QStringLiteral("org.gnome.desktop.interface");
const QString kGnomeAccess = QStringLiteral("org.gnome.desktop.a11y.interface");

/// A value may come in one variant more than it needs.
QVariant bare(QVariant value) {
    while (value.metaType() == QMetaType::fromType<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value;
}

}  // namespace

DesktopSettings::DesktopSettings(QObject* parent) : QObject(parent) {}

bool DesktopSettings::followSession() {
    // Asking for a bus that is not there would make the library start one.
    const bool there = qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
                       QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
    if (!there) return false;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return false;
    follow(bus);
    return true;
}

void DesktopSettings::follow(const QDBusConnection& bus) {
    qDBusRegisterMetaType<Groups>();
    // Qt 6.4.2 looks the slot's types up by name and does not register this one in time: without it the slot
    // is refused.
    qRegisterMetaType<QDBusVariant>();
    QDBusConnection connection = bus;
    connection.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                       SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage ask = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("ReadAll"));
    ask << QStringList{kAppearance, kGnome, kGnomeAccess};
    auto* answer = new QDBusPendingCallWatcher(connection.asyncCall(ask), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        const QDBusPendingReply<Groups> reply = *answer;
        if (reply.isError()) return;  // no portal, or an old one: what there was stays
        const Groups groups = reply.value();
        for (auto group = groups.cbegin(); group != groups.cend(); ++group)
            for (auto value = group->cbegin(); value != group->cend(); ++value)
                take(group.key(), value.key(), value.value());
        decide();
    });
}

void DesktopSettings::settingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
    take(group, key, value.variant());
    decide();
}

void DesktopSettings::take(const QString& group, const QString& key, const QVariant& value) {
    values_[group + u' ' + key] = bare(value);
}

void DesktopSettings::decide() {
    const auto value = [this](const QString& group, const char* key) {
        return values_.value(group + u' ' + QString::fromLatin1(key));
    };
    // The common names first; what only GNOME's own settings say, where the portal lacks the common one.
    std::optional<bool> dark, still, contrast;
    switch (value(kAppearance, "color-scheme").toUInt()) {
        case 1:
            dark = true;
            break;
        case 2:
            dark = false;
            break;
        default:
            if (value(kGnome, "color-scheme").toString() == QLatin1String("prefer-dark")) dark = true;
            break;
    }
    if (const QVariant motion = value(kAppearance, "reduced-motion"); motion.isValid())
        still = motion.toUInt() == 1;
    else if (const QVariant animations = value(kGnome, "enable-animations"); animations.isValid())
        still = !animations.toBool();
    if (const QVariant strong = value(kAppearance, "contrast"); strong.isValid())
        contrast = strong.toUInt() == 1;
    else if (const QVariant high = value(kGnomeAccess, "high-contrast"); high.isValid())
        contrast = high.toBool();
    if (dark == dark_ && still == reducedMotion_ && contrast == highContrast_) return;
    dark_ = dark;
    reducedMotion_ = still;
    highContrast_ = contrast;
    emit changed();
}

}  // namespace pellucid::app

#include "moc_desktop_settings.cpp"
