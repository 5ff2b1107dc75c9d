// The program as it is started: options, a second copy, a folder that cannot be written, a crash report.
#include <signal.h>

#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

namespace {

struct Program {
    explicit Program(const QStringList& arguments) {
        process.setProcessChannelMode(QProcess::SeparateChannels);
        process.start(QStringLiteral(PELLUCID_PROGRAM), arguments);
    }
    ~Program() {
        process.kill();
        process.waitForFinished();
    }
    /// Waits for `text` on stderr.
    bool says(const QByteArray& text) {
        return QTest::qWaitFor(
            [&] {
                error += process.readAllStandardError();
                return error.contains(text);
            },
            20000);
    }
    QProcess process;
    QByteArray error;
};

}  // namespace

class TestProgram : public QObject {
    Q_OBJECT

private slots:
    void usage() {
        Program version({"--version"});
        QVERIFY(version.process.waitForFinished());
        QCOMPARE(version.process.exitCode(), 0);
        QVERIFY(version.process.readAllStandardOutput().startsWith("pellucid "));
        for (const QStringList& wrong : {QStringList{"--nonsense"}, QStringList{"--theme", "pink"},
                                         QStringList{"file"}, QStringList{"--language", "xx"}}) {
            Program program(wrong);
            QVERIFY(program.process.waitForFinished());
            QCOMPARE(program.process.exitCode(), 2);
            QVERIFY(!program.process.readAllStandardError().isEmpty());
        }
    }

    void a_mock_script_that_cannot_be_read() {
        QTemporaryDir folder;
        Program program({"--data-dir", folder.path(), "--mock", "/nowhere/script.json"});
        QVERIFY(program.process.waitForFinished());
        QCOMPARE(program.process.exitCode(), 1);
        QVERIFY(program.process.readAllStandardError().contains("/nowhere/script.json"));
    }

    void first_frame_and_a_screenshot() {
        QTemporaryDir folder;
        const QString picture = folder.filePath("window.png");
        Program program({"--data-dir", folder.path(), "--mock", "demo", "--screenshot", picture,
                         "--screenshot-after", "300", "--report-start"});
        QVERIFY(program.says("first frame after"));
        QVERIFY(program.process.waitForFinished());
        QCOMPARE(program.process.exitCode(), 0);
        QVERIFY(QImage(picture).width() >= 360);
    }

    void a_second_start_brings_the_window_to_the_front() {
        QTemporaryDir folder;
        // The second folder's path is too long for a socket in it.
        for (const QString& data : {folder.path(), folder.filePath(QString(100, 'd'))}) {
            Program first({"--data-dir", data, "--mock", "demo", "--report-start"});
            QVERIFY(first.says("first frame"));
            for (int again = 0; again < 2; ++again) {
                first.error.clear();
                Program second({"--data-dir", data, "--mock", "demo"});
                QVERIFY(second.process.waitForFinished());
                QCOMPARE(second.process.exitStatus(), QProcess::NormalExit);
                QCOMPARE(second.process.exitCode(), 0);
                QVERIFY(second.says(QByteArray::number(first.process.processId())));
                QVERIFY(first.says("brought the window to the front"));
            }
            QCOMPARE(first.process.state(), QProcess::Running);
        }
    }

    void a_second_copy_whose_window_does_not_answer_says_so_and_changes_nothing() {
        QTemporaryDir folder;
        Program first({"--data-dir", folder.path(), "--mock", "demo", "--report-start"});
        QVERIFY(first.says("first frame"));
        ::kill(static_cast<pid_t>(first.process.processId()), SIGSTOP);
        Program second({"--data-dir", folder.path(), "--mock", "demo"});
        QVERIFY(second.says(QByteArray::number(first.process.processId())));
        QCOMPARE(second.process.state(), QProcess::Running);  // it shows what can be done
        ::kill(static_cast<pid_t>(first.process.processId()), SIGCONT);
        QCOMPARE(first.process.state(), QProcess::Running);
    }

    void a_request_to_end_closes_the_data_whole_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("end of session") << SIGTERM;
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("terminal closed") << SIGHUP;
    }
    void a_request_to_end_closes_the_data_whole() {
        QFETCH(int, signal);
        QTemporaryDir folder;
        Program program({"--data-dir", folder.path(), "--mock", "demo", "--report-start"});
        QVERIFY(program.says("first frame"));
        ::kill(static_cast<pid_t>(program.process.processId()), signal);
        QVERIFY(program.process.waitForFinished());
        QCOMPARE(program.process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.process.exitCode(), 0);
        QFile lock(folder.filePath("pellucid.db.lock"));
        QVERIFY(lock.open(QIODevice::ReadOnly));
        QVERIFY(lock.readAll().contains(" shut"));  // else the next start would check every page
        QVERIFY(!QFile::exists(folder.filePath("pellucid.db-wal")));
    }

    void a_killed_copy_leaves_nothing_in_the_way() {
        QTemporaryDir folder;
        const QStringList arguments{"--data-dir", folder.path(), "--mock", "demo", "--report-start"};
        {
            Program killed(arguments);
            QVERIFY(killed.says("first frame"));
        }
        Program first(arguments);
        QVERIFY(first.says("first frame"));
        Program second(arguments);
        QVERIFY(first.says("brought the window to the front"));
    }

    void a_second_copy_may_look() {
        QTemporaryDir folder;
        Program first({"--data-dir", folder.path(), "--mock", "demo", "--report-start"});
        QVERIFY(first.says("first frame"));
        Program second({"--data-dir", folder.path(), "--mock", "demo", "--read-only", "--report-start"});
        QVERIFY(second.says("first frame"));
        QCOMPARE(first.process.state(), QProcess::Running);
        // And a third still cannot write: it finds the one that can.
        Program third({"--data-dir", folder.path(), "--mock", "demo"});
        QVERIFY(third.says(QByteArray::number(first.process.processId())));
        QVERIFY(first.says("brought the window to the front"));
    }

    void a_folder_that_cannot_be_written_is_said_and_the_window_opens() {
        Program program({"--data-dir", "/proc/nowhere", "--mock", "demo", "--report-start"});
        QVERIFY(program.says("/proc/nowhere"));
        QVERIFY(program.says("first frame"));
    }

    void a_crash_leaves_a_report_that_the_next_start_finds() {
        QTemporaryDir folder;
        const QStringList arguments{"--data-dir", folder.path(), "--mock", "demo", "--report-start"};
        {
            Program program(arguments);
            QVERIFY(program.says("first frame"));
            ::kill(static_cast<pid_t>(program.process.processId()), SIGSEGV);
            QVERIFY(program.process.waitForFinished());
            QCOMPARE(program.process.exitStatus(), QProcess::CrashExit);
        }
        QFile report(folder.filePath("crashes/last.txt"));
        QVERIFY(report.open(QIODevice::ReadOnly));
        const QByteArray text = report.readAll();
        QVERIFY(text.contains("SIGSEGV"));
        QVERIFY2(text.count('\n') > 4, text.constData());
        Program next(arguments);
        QVERIFY(next.says("first frame"));
        QVERIFY(QTest::qWaitFor([&] { return !QFile::exists(folder.filePath("crashes/last.txt")); }));
        QCOMPARE(QDir(folder.filePath("crashes")).entryList(QDir::Files).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "test_program.moc"
