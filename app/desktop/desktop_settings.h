// Dark or light, motion, contrast: what the person has told the desktop, read from its settings portal.
// Qt 6.4 reads none of it by itself.
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>
#include <QVariantMap>
#include <optional>

namespace pellucid::app {

/// org.freedesktop.portal.Settings (flatpak.github.io/xdg-desktop-portal, version 1 and 2), over the session
/// bus. Nothing here waits: values come when the portal answers, and follow it from then on. Without a portal
/// everything stays empty.
class DesktopSettings : public QObject {
    Q_OBJECT

public:
    explicit DesktopSettings(QObject* parent = nullptr);

    /// Asks the portal on `bus` and listens to it. Call once.
    void follow(const QDBusConnection& bus);
    /// The person's bus where there is one; false, and nothing is started for it, where there is none.
    bool followSession();

    /// Empty: no portal, or no preference.
    std::optional<bool> dark() const { return dark_; }
    std::optional<bool> reducedMotion() const { return reducedMotion_; }
    std::optional<bool> highContrast() const { return highContrast_; }

signals:
    void changed();

private slots:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void take(const QString& group, const QString& key, const QVariant& value);
    void decide();

    QVariantMap values_;  // "group key" -> value
    std::optional<bool> dark_, reducedMotion_, highContrast_;
};

}  // namespace pellucid::app
