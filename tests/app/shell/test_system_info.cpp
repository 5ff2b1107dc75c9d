// What the sidebar's foot and the first run say of the machine.
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>

#include "app/shell/system_info.h"

using pellucid::app::SystemInfo;

class TestSystemInfo : public QObject {
    Q_OBJECT

private slots:
    void free_disk_is_what_the_file_system_says() {
        QTemporaryDir folder;
        const auto gigabytes = [&] {
            return static_cast<double>(std::filesystem::space(folder.path().toStdString()).available) / 1e9;
        };
        SystemInfo info(folder.path());
        // Others write to the disk meanwhile: what is said lies between a look before and a look after.
        const double before = gigabytes();
        info.refresh();
        const double after = gigabytes();
        const double said = QLocale().toDouble(info.freeDiskText().section(QLatin1Char(' '), 0, 0));
        QVERIFY2(said > std::min(before, after) - 1 && said < std::max(before, after) + 1,
                 qPrintable(info.freeDiskText()));
    }

    void a_folder_that_is_not_there_gives_no_number() {
        SystemInfo info(QStringLiteral("/nowhere/at/all"));
        info.refresh();
        QCOMPARE(info.freeDiskText(), QStringLiteral("–"));
    }

    void memory_is_within_the_machine() {
        SystemInfo info(QDir::tempPath());
        info.refresh();
        QVERIFY(info.memoryTotal() > 0);
        QVERIFY(info.memoryUsed() > 0 && info.memoryUsed() <= info.memoryTotal());
        QVERIFY(info.cores() > 0);
    }
};

QTEST_GUILESS_MAIN(TestSystemInfo)
#include "test_system_info.moc"
