#include "app/desktop/desktop_proxy.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>

namespace pellucid::app {

bool DesktopProxy::askSession(const QUrl& address) {
    // Asking for a bus that is not there would make the library start one.
    const bool there = qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
                       QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
    if (!there) return false;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return false;
    ask(address, bus);
    return true;
}

void DesktopProxy::ask(const QUrl& address, const QDBusConnection& bus) {
    QDBusMessage question = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.portal.Desktop"), QStringLiteral("/org/freedesktop/portal/desktop"),
        QStringLiteral("org.freedesktop.portal.ProxyResolver"), QStringLiteral("Lookup"));
    question << address.toString();
    auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer, address, ticket = ++ticket_] {
        answer->deleteLater();
        const QDBusPendingReply<QStringList> reply = *answer;
        if (reply.isError() || ticket != ticket_) return;
        // "direct://" or addresses, best first.
        for (const QString& proxy : reply.value()) {
            if (proxy.startsWith(QLatin1String("direct"))) break;
            if (!QUrl(proxy).host().isEmpty()) return emit answered(address, proxy);
        }
        emit answered(address, QString());
    });
}

}  // namespace pellucid::app

#include "moc_desktop_proxy.cpp"
