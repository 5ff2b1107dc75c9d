#include "app/desktop/desktop_notifier.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QVariantMap>

namespace pellucid::app {

namespace {

const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");

}  // namespace

DesktopNotifier::DesktopNotifier(QObject* parent) : QObject(parent) {}

bool DesktopNotifier::useSession() {
    // Asking for a bus that is not there would make the library start one.
    const bool there = qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
                       QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
    if (!there) return false;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return false;
    use(bus);
    return true;
}

void DesktopNotifier::use(const QDBusConnection& bus) {
    QDBusConnection connection = bus;
    bus_ = bus.name();
    connection.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this,
                       SLOT(actionInvoked(uint, QString)));
    connection.connect(kService, kPath, kService, QStringLiteral("NotificationClosed"), this,
                       SLOT(notificationClosed(uint, uint)));
}

void DesktopNotifier::tell(const QString& title, const QString& text, const QString& action) {
    if (bus_.isEmpty()) return;
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kService, QStringLiteral("Notify"));
    const QString icon = QStringLiteral("io.github.pellucid.Pellucid");
    // The body may be read as markup.
    call << QStringLiteral("Pellucid") << last_ << icon << title << text.toHtmlEscaped()
         << QStringList{QStringLiteral("default"), action}
         << QVariantMap{{QStringLiteral("desktop-entry"), icon},
                        {QStringLiteral("category"), QStringLiteral("transfer")}}
         << -1;
    auto* answer = new QDBusPendingCallWatcher(QDBusConnection(bus_).asyncCall(call), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        const QDBusPendingReply<uint> reply = *answer;
        if (!reply.isError()) last_ = reply.value();
    });
}

void DesktopNotifier::actionInvoked(uint id, const QString&) {
    if (id == last_ && id != 0) emit activated();
}

void DesktopNotifier::notificationClosed(uint id, uint) {
    if (id == last_) last_ = 0;
}

}  // namespace pellucid::app

#include "moc_desktop_notifier.cpp"
