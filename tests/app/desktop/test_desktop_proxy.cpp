// The desktop's proxy comes through its portal: a portal of ours on a bus of its own.
#include <QDBusConnectionInterface>
#include <QProcess>
#include <QSignalSpy>
#include <QtTest>

#include "app/desktop/desktop_proxy.h"

using namespace pellucid::app;

class FakeResolver : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.ProxyResolver")

public:
    QStringList proxies, asked;

public slots:
    QStringList Lookup(const QString& address) {
        asked.append(address);
        return proxies;
    }
};

class TestDesktopProxy : public QObject {
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

    void the_portal_names_the_way() {
        FakeResolver resolver;
        QDBusConnection server = QDBusConnection::connectToBus(address_, "server");
        QVERIFY(server.registerObject("/org/freedesktop/portal/desktop", &resolver,
                                      QDBusConnection::ExportAllSlots));
        QVERIFY(server.registerService("org.freedesktop.portal.Desktop"));
        const QDBusConnection client = QDBusConnection::connectToBus(address_, "client");
        DesktopProxy proxy;
        QSignalSpy answered(&proxy, &DesktopProxy::answered);
        const auto way = [&](const QStringList& said) {
            answered.clear();
            resolver.proxies = said;
            proxy.ask(QUrl("https://huggingface.co"), client);
            return QTest::qWaitFor([&] { return answered.count() == 1; }, 20000)
                       ? answered.first().at(1).toString()
                       : QStringLiteral("no answer");
        };
        QCOMPARE(way({"http://proxy.example:3128", "direct://"}), QString("http://proxy.example:3128"));
        QCOMPARE(way({"direct://", "http://proxy.example:3128"}), QString());
        QCOMPARE(way({}), QString());
        QCOMPARE(way({"nonsense", "socks5://127.0.0.1:1080"}), QString("socks5://127.0.0.1:1080"));
        QCOMPARE(resolver.asked.last(), QString("https://huggingface.co"));
        // Of two questions at once the later one is answered.
        answered.clear();
        proxy.ask(QUrl("https://one.example"), client);
        proxy.ask(QUrl("https://two.example"), client);
        QTRY_COMPARE(answered.count(), 1);
        QCOMPARE(answered.first().at(0).toUrl(), QUrl("https://two.example"));
        QDBusConnection::disconnectFromBus("server");
        QDBusConnection::disconnectFromBus("client");
    }

    void without_a_portal_nothing_is_answered() {
        const QDBusConnection client = QDBusConnection::connectToBus(address_, "alone");
        DesktopProxy proxy;
        QSignalSpy answered(&proxy, &DesktopProxy::answered);
        proxy.ask(QUrl("https://huggingface.co"), client);
        QVERIFY(client.interface()->isServiceRegistered("org.freedesktop.DBus").value());
        QTest::qWait(1);
        QCOMPARE(answered.count(), 0);
        QDBusConnection::disconnectFromBus("alone");
    }
};

QTEST_GUILESS_MAIN(TestDesktopProxy)
#include "test_desktop_proxy.moc"
