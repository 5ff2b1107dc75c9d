// The window follows the desktop's settings portal: a portal of ours on a bus of its own.
#include <QDBusConnectionInterface>
#include <QDBusMetaType>
#include <QImage>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/desktop/desktop_settings.h"
#include "app/settings/settings_backend.h"

using namespace pellucid::app;

using Groups = QMap<QString, QVariantMap>;

class FakePortal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public:
    Groups values;
    QStringList asked;

public slots:
    QMap<QString, QVariantMap> ReadAll(const QStringList& groups) {
        asked = groups;
        return values;
    }

signals:
    void SettingChanged(const QString& group, const QString& key, const QDBusVariant& value);
};

class TestDesktopSettings : public QObject {
    Q_OBJECT

    QProcess daemon_;
    QString address_;
    int connections_ = 0;

    QDBusConnection connection() {
        return QDBusConnection::connectToBus(address_, QStringLiteral("test%1").arg(++connections_));
    }
    bool serve(QDBusConnection& bus, FakePortal& portal) {
        return bus.registerObject("/org/freedesktop/portal/desktop", &portal,
                                  QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
               bus.registerService("org.freedesktop.portal.Desktop");
    }

private slots:
    void initTestCase() {
        qDBusRegisterMetaType<Groups>();
        daemon_.start("dbus-daemon", {"--session", "--nofork", "--print-address"});
        if (!daemon_.waitForStarted()) QSKIP("dbus-daemon is not installed");
        QVERIFY(daemon_.waitForReadyRead());
        address_ = QString::fromLatin1(daemon_.readLine().trimmed());
        QVERIFY(connection().isConnected());
    }
    // The bus forgets the portal of one test before the next begins.
    void cleanup() {
        for (; connections_ > 0; --connections_)
            QDBusConnection::disconnectFromBus(QStringLiteral("test%1").arg(connections_));
    }
    void cleanupTestCase() {
        daemon_.kill();
        daemon_.waitForFinished();
    }

    void what_the_portal_says_is_followed() {
        FakePortal portal;
        portal.values["org.freedesktop.appearance"] = {{"color-scheme", 1u}, {"contrast", 0u}};
        portal.values["org.gnome.desktop.interface"] = {{"enable-animations", false}};
        QDBusConnection server = connection();
        QVERIFY(serve(server, portal));
        DesktopSettings desktop;
        QSignalSpy changed(&desktop, &DesktopSettings::changed);
        desktop.follow(connection());
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(portal.asked.contains("org.freedesktop.appearance"));
        QCOMPARE(desktop.dark(), std::optional(true));
        QCOMPARE(desktop.reducedMotion(), std::optional(true));
        QCOMPARE(desktop.highContrast(), std::optional(false));
        emit portal.SettingChanged("org.freedesktop.appearance", "color-scheme",
                                   QDBusVariant(QVariant::fromValue(QDBusVariant(2u))));
        QTRY_COMPARE(desktop.dark(), std::optional(false));
        emit portal.SettingChanged("org.freedesktop.appearance", "reduced-motion", QDBusVariant(0u));
        QTRY_COMPARE(desktop.reducedMotion(), std::optional(false));
        emit portal.SettingChanged("org.freedesktop.appearance", "contrast", QDBusVariant(1u));
        QTRY_COMPARE(desktop.highContrast(), std::optional(true));
        emit portal.SettingChanged("org.freedesktop.appearance", "color-scheme", QDBusVariant(0u));
        QTRY_VERIFY(!desktop.dark().has_value());
        // What is not ours, or says nothing new, is no change.
        const auto count = changed.count();
        emit portal.SettingChanged("org.gnome.desktop.interface", "font-name", QDBusVariant("Inter"));
        emit portal.SettingChanged("org.freedesktop.appearance", "color-scheme", QDBusVariant(1u));
        QTRY_COMPARE(desktop.dark(), std::optional(true));
        QCOMPARE(changed.count(), count + 1);
    }

    void without_a_portal_nothing_is_known() {
        DesktopSettings desktop;
        desktop.follow(connection());
        // A call on the same bus that is answered: the one before it has been, too.
        QDBusConnection bus = connection();
        QVERIFY(bus.interface()->isServiceRegistered("org.freedesktop.DBus").value());
        QVERIFY(!desktop.dark() && !desktop.reducedMotion() && !desktop.highContrast());
    }

    // The person's own choice stands, in both directions, and survives the next start.
    void the_persons_choice_wins() {
        MemorySettingStore store;
        {
            SettingsBackend settings(store, "/nowhere");
            QSignalSpy changed(&settings, &SettingsBackend::changed);
            settings.setDesktop(true, false);
            QVERIFY(settings.reducedMotion());
            QVERIFY(!settings.highContrast());
            QCOMPARE(changed.count(), 1);
            QVERIFY(!settings.changedKeys().contains("reducedMotion"));
            settings.setReducedMotion(false);
            QVERIFY(!settings.reducedMotion());
            QVERIFY(settings.changedKeys().contains("reducedMotion"));
            settings.setHighContrast(true);
        }
        SettingsBackend settings(store, "/nowhere");
        settings.setDesktop(true, false);
        QVERIFY(!settings.reducedMotion());
        QVERIFY(settings.highContrast());
        settings.setDesktop(false, true);
        QVERIFY(!settings.reducedMotion());
        settings.reset("reducedMotion");
        settings.setDesktop(true, true);
        QVERIFY(settings.reducedMotion());
        settings.resetAll();
        settings.setDesktop(false, false);
        QVERIFY(!settings.highContrast());
        QVERIFY(!settings.reducedMotion());
        // Chosen as the desktop has it: that is to follow it.
        settings.setReducedMotion(true);
        settings.setReducedMotion(false);
        QVERIFY(!settings.changedKeys().contains("reducedMotion"));
    }

    // The program itself: dark because the portal says so.
    void the_window_is_dark_when_the_portal_says_so() {
        FakePortal portal;
        portal.values["org.freedesktop.appearance"] = {{"color-scheme", 1u}};
        QDBusConnection server = connection();
        QVERIFY(serve(server, portal));
        QTemporaryDir folder;
        const QString picture = folder.filePath("window.png");
        QProcess program;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DBUS_SESSION_BUS_ADDRESS", address_);
        program.setProcessEnvironment(environment);
        program.start(PELLUCID_PROGRAM, {"--data-dir", folder.path(), "--mock", "demo", "--screenshot",
                                         picture, "--screenshot-after", "1500"});
        // The portal lives in this thread: it must not wait here.
        QTRY_COMPARE_WITH_TIMEOUT(program.state(), QProcess::NotRunning, 30000);
        QCOMPARE(program.exitCode(), 0);
        const QImage image(picture);
        QVERIFY(!image.isNull());
        QVERIFY2(image.pixelColor(image.width() - 40, image.height() / 2).lightness() < 80,
                 "the canvas is light");
    }
};

QTEST_GUILESS_MAIN(TestDesktopSettings)
#include "test_desktop_settings.moc"
