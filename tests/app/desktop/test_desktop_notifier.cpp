// A notice reaches the desktop's server and its click comes back: a server of ours on a bus of its own.
#include <QDBusConnectionInterface>
#include <QProcess>
#include <QSignalSpy>
#include <QtTest>

#include "app/desktop/desktop_notifier.h"

using namespace pellucid::app;

class FakeServer : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Notice {
        uint replaces = 0;
        QString title, text;
        QStringList actions;
    };
    QList<Notice> told;

public slots:
    uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& text,
                const QStringList& actions, const QVariantMap&, int) {
        told.append({replaces, title, text, actions});
        return 7;
    }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);
};

class TestDesktopNotifier : public QObject {
    Q_OBJECT

    QProcess daemon_;
    QString address_;

private slots:
    void initTestCase() {
        daemon_.start("dbus-daemon", {"--session", "--nofork", "--print-address"});
        if (!daemon_.waitForStarted()) QSKIP("dbus-daemon is not installed");
        QVERIFY(daemon_.waitForReadyRead());
        address_ = QString::fromLatin1(daemon_.readLine().trimmed());
    }
    void cleanupTestCase() {
        daemon_.kill();
        daemon_.waitForFinished();
    }

    void noticesAreToldAndClickedAndReplaced() {
        QDBusConnection server = QDBusConnection::connectToBus(address_, "server");
        FakeServer fake;
        QVERIFY(server.registerObject("/org/freedesktop/Notifications", &fake,
                                      QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(server.registerService("org.freedesktop.Notifications"));
        DesktopNotifier notifier;
        notifier.use(QDBusConnection::connectToBus(address_, "client"));
        QSignalSpy activated(&notifier, &DesktopNotifier::activated);
        notifier.tell("Qwen3 <0.6B> is downloaded", "It & its parts", "Open");
        QTRY_COMPARE(fake.told.size(), 1);
        QCOMPARE(fake.told[0].replaces, 0u);
        QCOMPARE(fake.told[0].title, QStringLiteral("Qwen3 <0.6B> is downloaded"));
        QCOMPARE(fake.told[0].text, QStringLiteral("It &amp; its parts"));
        QCOMPARE(fake.told[0].actions, (QStringList{"default", "Open"}));
        // Another program's notice is not ours.
        QTRY_VERIFY((emit fake.ActionInvoked(8, "default"), emit fake.ActionInvoked(7, "default"),
                     activated.count() > 0));
        notifier.tell("Another", "", "Open");
        QTRY_COMPARE(fake.told.size(), 2);
        QCOMPARE(fake.told[1].replaces, 7u);
        server.unregisterService("org.freedesktop.Notifications");
        QDBusConnection::disconnectFromBus("client");
        QDBusConnection::disconnectFromBus("server");
    }

    void withoutAServerNothingHappens() {
        DesktopNotifier unused;
        unused.tell("Nobody", "hears it", "Open");
        DesktopNotifier notifier;
        notifier.use(QDBusConnection::connectToBus(address_, "alone"));
        notifier.tell("Nobody", "hears it", "Open");
        QSignalSpy activated(&notifier, &DesktopNotifier::activated);
        QCoreApplication::processEvents();
        QCOMPARE(activated.count(), 0);
        QDBusConnection::disconnectFromBus("alone");
    }
};

QTEST_GUILESS_MAIN(TestDesktopNotifier)
#include "test_desktop_notifier.moc"
