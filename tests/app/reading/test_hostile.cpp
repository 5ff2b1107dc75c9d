// 200 hostile or damaged files, and files that change, vanish or may not be read, through the sandboxed
// reader: each comes back within its limits as a document or as words that say why not, and the app goes on.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/reading/sandboxed_reader.h"
#include "engine/text/utf8.h"

using namespace pellucid;
using namespace pellucid::reading;
namespace fs = std::filesystem;

namespace {

ReadOptions limits() {
    ReadOptions options;
    options.time = std::chrono::seconds(20);
    options.memory_bytes = 600ull << 20;
    options.max_text_bytes = 8ull << 20;
    return options;
}

void write(const fs::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string unhex(const std::string& text) {
    return QByteArray::fromHex(QByteArray::fromStdString(text)).toStdString();
}

/// Programs that this process has started and not waited for, or that were left running.
bool has_children() {
    QFile children(QStringLiteral("/proc/self/task/%1/children").arg(gettid()));
    return children.open(QIODevice::ReadOnly) && !children.readAll().trimmed().isEmpty();
}

std::size_t open_descriptors() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace

class TestHostile : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QProcess script;
        script.start("python3", {PELLUCID_MAKE_HOSTILE, folder_.path() + "/hostile"});
        QVERIFY2(script.waitForFinished(120'000) && script.exitCode() == 0, script.readAllStandardError());
    }

    void cleanupTestCase() {
        // Names in no encoding are beyond QTemporaryDir.
        std::error_code ignored;
        fs::remove_all(path("hostile"), ignored);
    }

    void two_hundred_files() {
        std::ifstream list(path("hostile/expected.json"));
        const auto expected = nlohmann::json::parse(list);
        QCOMPARE(expected.size(), 200u);
        ReadOptions options = limits();
        const std::size_t descriptors = open_descriptors();
        std::map<std::string, int> counts;
        QStringList wrong;
        std::chrono::milliseconds longest{0};
        for (const auto& one : expected) {
            options.time = std::chrono::seconds(one["seconds"].get<int>());
            const fs::path file = path("hostile") / unhex(one["file"]);
            const std::string name = to_well_formed_utf8(file.filename().string());
            const auto start = std::chrono::steady_clock::now();
            const auto document = reader_.read(file, options, {});
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now() - start);
            longest = std::max(longest, took);
            if (took > options.time + std::chrono::seconds(5))
                wrong.append(QString("%1 took %2 ms").arg(QString::fromStdString(name)).arg(took.count()));
            const std::string outcome = document ? "ok" : std::string(to_string(document.error().code));
            ++counts[outcome];
            bool may = false;
            for (const auto& allowed : one["may"]) may = may || allowed == outcome;
            if (!may)
                wrong.append(QString("%1: %2").arg(
                    QString::fromStdString(name),
                    QString::fromStdString(document ? outcome : document.error().message())));
            if (document) {
                const auto checked = check(*document);
                if (!checked) wrong.append(QString::fromStdString(name + ": " + checked.error().what));
                if (document->text.find("root:x:0") != std::string::npos)
                    wrong.append(QString::fromStdString(name + " read another file"));
            } else if (document.error().what.find(name) == std::string::npos) {
                wrong.append(QString::fromStdString(name + " is not named in: " + document.error().what));
            }
        }
        QString report;
        for (const auto& [outcome, count] : counts)
            report += QString(" %1 %2").arg(QString::fromStdString(outcome)).arg(count);
        qInfo("200 files:%s; the longest took %lld ms", qPrintable(report),
              static_cast<long long>(longest.count()));
        QVERIFY2(wrong.isEmpty(), qPrintable("\n" + wrong.join('\n')));
        QCOMPARE(open_descriptors(), descriptors);
        QVERIFY(!has_children());
    }

    void no_such_file() {
        QCOMPARE(reader_.read(path("nothing.pdf"), limits(), {}).error().code, ErrorCode::not_found);
    }

    void no_permission() {
        if (geteuid() == 0) QSKIP("root may read every file");
        write(path("secret.txt"), "text");
        fs::permissions(path("secret.txt"), fs::perms::none);
        QCOMPARE(reader_.read(path("secret.txt"), limits(), {}).error().code, ErrorCode::not_allowed);
    }

    void what_is_no_file() {
        QCOMPARE(mkfifo(path("pipe.txt").c_str(), 0600), 0);
        QCOMPARE(reader_.read(path("pipe.txt"), limits(), {}).error().code, ErrorCode::unsupported);
        QCOMPARE(reader_.read(folder_.path().toStdString(), limits(), {}).error().code,
                 ErrorCode::unsupported);
        QCOMPARE(reader_.read("/dev/zero", limits(), {}).error().code, ErrorCode::unsupported);
        fs::create_symlink("loop.txt", path("loop.txt"));
        QVERIFY(!reader_.read(path("loop.txt"), limits(), {}));
    }

    void larger_than_allowed() {
        write(path("large.txt"), std::string(5000, 'x'));
        ReadOptions options = limits();
        options.max_file_bytes = 4096;
        QCOMPARE(reader_.read(path("large.txt"), options, {}).error().code, ErrorCode::too_large);
    }

    void text_and_pages_are_cut_with_words() {
        write(path("long.txt"), std::string(1'000, 'w') + "\n\n" + std::string(20'000, 'x'));
        ReadOptions options = limits();
        options.max_text_bytes = 4096;
        const auto text = reader_.read(path("long.txt"), options, {});
        QVERIFY(text.ok());
        QVERIFY(text->text.size() <= 4096 && text->text.size() > 1000);
        QVERIFY(has(*text, NoticeCode::text_cut));
        options = limits();
        options.max_pages = 2;
        const auto pages = reader_.read(path("hostile/pages-10000.pdf"), options, {});
        QVERIFY(pages.ok());
        QCOMPARE(pages->pages.size(), 2u);
        QVERIFY(has(*pages, NoticeCode::pages_cut));
    }

    // The file is written to while it is read, over and over: each reading is whole, or says that it changed.
    void changing_while_read() {
        const fs::path file = path("growing.txt");
        write(file, std::string(1 << 20, 'a'));
        std::atomic<bool> stop = false;
        std::thread writer([&] {
            for (int i = 0; !stop; ++i) {
                std::ofstream(file, std::ios::binary | std::ios::app) << "more\n";
                if (i % 7 == 0) fs::resize_file(file, 1000);
            }
        });
        int whole = 0, changed = 0, other = 0;
        for (int i = 0; i < 15; ++i) {
            const auto document = reader_.read(file, limits(), {});
            if (document)
                ++whole;
            else if (document.error().code == ErrorCode::busy || document.error().code == ErrorCode::corrupt)
                ++changed;
            else
                ++other;
        }
        stop = true;
        writer.join();
        QCOMPARE(other, 0);
        QCOMPARE(whole + changed, 15);
    }

    void vanishing_while_read() {
        const fs::path file = path("vanishing.pdf");
        fs::copy_file(path("hostile/far-xref.pdf"), path("some_pages.pdf"));
        for (int i = 0; i < 5; ++i) {
            fs::copy_file(path("some_pages.pdf"), file, fs::copy_options::overwrite_existing);
            std::thread remover([&] { fs::remove(file); });
            const auto document = reader_.read(file, limits(), {});
            remover.join();
            // What was opened is read to its end; what was gone before is not there.
            QVERIFY(document.ok() || document.error().code == ErrorCode::not_found);
        }
    }

    void stopped_by_the_person() {
        CancelToken cancel;
        std::thread stopper([cancel]() mutable { cancel.cancel(); });
        const auto document = reader_.read(path("hostile/pages-10000.pdf"), limits(), cancel);
        stopper.join();
        QCOMPARE(document.error().code, ErrorCode::cancelled);
        QVERIFY(!has_children());
    }

    void out_of_time() {
        ReadOptions options = limits();
        options.time = std::chrono::milliseconds(1);
        QCOMPARE(reader_.read(path("hostile/pages-10000.pdf"), options, {}).error().code,
                 ErrorCode::timed_out);
        QVERIFY(!has_children());
    }

    void many_at_once() {
        std::atomic<int> good = 0;
        std::vector<std::thread> threads;
        write(path("one.md"), "# Rivers\n\nThey run down.\n");
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int round = 0; round < 5; ++round)
                    good += reader_.read(path("one.md"), limits(), {}).ok();
            });
        for (std::thread& thread : threads) thread.join();
        QCOMPARE(good.load(), 20);
    }

    void a_reader_that_is_no_reader() {
        write(path("some.txt"), "text");
        QCOMPARE(SandboxedReader(path("absent")).read(path("some.txt"), limits(), {}).error().code,
                 ErrorCode::internal);
        QCOMPARE(SandboxedReader("/bin/true").read(path("some.txt"), limits(), {}).error().code,
                 ErrorCode::crashed);
        QCOMPARE(SandboxedReader("/bin/cat").read(path("some.txt"), limits(), {}).error().code,
                 ErrorCode::crashed);
    }

    // A program in the same sandbox that does what a taken-over reader might: the name of the file says what.
    void what_the_sandbox_does() {
        SandboxedReader probe{PELLUCID_SANDBOX_PROBE};
        ReadOptions options = limits();
        options.time = std::chrono::seconds(3);
        const auto outcome = [&](const char* name) {
            write(path(name), "x");
            const auto document = probe.read(path(name), options, {});
            return document ? std::string("ok") : std::string(to_string(document.error().code));
        };
        for (const char* forbidden :
             {"socket", "connect", "write", "create", "unlink", "exec", "fork-old", "kill", "memfd"})
            QVERIFY2(outcome(forbidden) == "forbidden",
                     (std::string(forbidden) + ": " + outcome(forbidden)).c_str());
        for (const char* refused :
             {"read-other", "fork", "thread", "program-memory", "environment", "listing"})
            QVERIFY2(outcome(refused) == "ok", (std::string(refused) + ": " + outcome(refused)).c_str());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QCOMPARE(outcome("memory"), std::string("out_of_memory"));
        QCOMPARE(outcome("crash"), std::string("crashed"));
        QCOMPARE(outcome("stack"), std::string("crashed"));
#endif
        QCOMPARE(outcome("sleep"), std::string("timed_out"));
        QCOMPARE(outcome("lie"), std::string("crashed"));
        QCOMPARE(outcome("flood"), std::string("crashed"));
        QVERIFY(!has_children());
    }

    void the_sandbox_is_told() {
        write(path("told.txt"), "text");
        const auto document = reader_.read(path("told.txt"), limits(), {});
        QVERIFY(document.ok());
        QVERIFY(has(*document, NoticeCode::sandbox));
        QVERIFY(document->notices.back().what.find("system call filter") != std::string::npos);
        // Only a sanitized build runs without the memory limit, and then it says so.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QVERIFY(document->notices.back().what.find("NOT in force") == std::string::npos);
#endif
    }

private:
    fs::path path(const std::string& name) const {
        return fs::path(folder_.path().toStdString()) / name;
    }
    static bool has(const Document& document, NoticeCode code) {
        return std::any_of(document.notices.begin(), document.notices.end(),
                           [&](const Notice& notice) { return notice.code == code; });
    }

    QTemporaryDir folder_;
    SandboxedReader reader_{PELLUCID_READER};
};

QTEST_GUILESS_MAIN(TestHostile)
#include "test_hostile.moc"
