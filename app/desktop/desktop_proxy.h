// The proxy that the person has told the desktop, for one address: GNOME's and KDE's settings, scripts
// included, read through the desktop's portal.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QUrl>

namespace pellucid::app {

/// org.freedesktop.portal.ProxyResolver (flatpak.github.io/xdg-desktop-portal, version 1), over the session
/// bus. Nothing here waits. It resolves addresses on this machine; the portal itself may fetch a proxy script
/// that the desktop names. Without a portal nothing is answered.
class DesktopProxy : public QObject {
    Q_OBJECT

public:
    explicit DesktopProxy(QObject* parent = nullptr) : QObject(parent) {}

    /// Asks for the way to `address`; answered() says it. A later question takes the place of an earlier one.
    void ask(const QUrl& address, const QDBusConnection& bus);
    /// On the person's bus where there is one; false, and nothing is started for it, where there is none.
    bool askSession(const QUrl& address);

signals:
    /// "http://proxy:3128", "socks5://…"; empty: straight. `address`: what was asked for.
    void answered(const QUrl& address, const QString& proxy);

private:
    int ticket_ = 0;
};

}  // namespace pellucid::app
