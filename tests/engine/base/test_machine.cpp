// What the machine says about itself, checked against the system's own account; and loggers that share
// nothing.
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/base/cpu_features.h"
#include "engine/base/log.h"

using namespace pellucid;

class TestMachine : public QObject {
    Q_OBJECT

private slots:
    void features_agree_with_the_kernel() {
        std::ifstream info("/proc/cpuinfo");
        const std::string text((std::istreambuf_iterator<char>(info)), std::istreambuf_iterator<char>());
        const auto at = text.find("\nflags");
        if (at == std::string::npos) QSKIP("no /proc/cpuinfo flags on this machine");
        const std::string flags = text.substr(at, text.find('\n', at + 1) - at) + " ";
        const auto has = [&](const char* flag) {
            return flags.find(std::string(" ") + flag + " ") != std::string::npos;
        };
        const CpuFeatures f = detect_cpu_features();
        QCOMPARE(f.avx2, has("avx2"));
        QCOMPARE(f.fma, has("fma"));
        QCOMPARE(f.f16c, has("f16c"));
        QCOMPARE(f.avx512f, has("avx512f"));
        QCOMPARE(f.avx512bw, has("avx512bw"));
        QCOMPARE(f.avx512vl, has("avx512vl"));
        QCOMPARE(f.avx512dq, has("avx512dq"));
        QCOMPARE(f.avx512vnni, has("avx512_vnni"));
        QCOMPARE(f.avx_vnni, has("avx_vnni"));
        QVERIFY(!f.vendor.empty());
        QVERIFY(text.find(f.model) != std::string::npos);
        QCOMPARE(to_string(f).find("avx2") != std::string::npos, f.avx2);
    }

    void loggers_write_where_told_and_nowhere_else() {
        QTemporaryDir dir;
        const std::string first = dir.filePath("a.log").toStdString(),
                          second = dir.filePath("b.log").toStdString();
        const auto a = make_logger({.name = "a", .file = first, .to_stderr = false});
        const auto b = make_logger({.name = "b", .file = second, .to_stderr = false});
        a->warn("only in a");
        b->debug("below the level");
        b->flush();
        const auto read = [](const std::string& path) {
            std::ifstream in(path);
            return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        };
        QVERIFY(read(first).find("only in a") != std::string::npos);
        QVERIFY(read(second).empty());
        const auto refused = make_logger({.file = "/dev/null/all.log", .to_stderr = false});
        refused->warn("goes on");
        make_null_logger()->error("unheard");
    }
};

QTEST_APPLESS_MAIN(TestMachine)
#include "test_machine.moc"
