// The models folder moves: to another folder, to another disk, stopped, killed at any moment, without room.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QtTest>
#include <map>

#include "app/library/mover.h"
#include "storage/downloads.h"
#include "storage/store.h"
#include "tests/app/library/planted.h"

using namespace pellucid;
using namespace pellucid::library;
using namespace pellucid::library::test;

namespace {

#define OK(expression)                                                              \
    do {                                                                            \
        const auto status = (expression);                                           \
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str()); \
    } while (false)

struct Bench : Home {
    explicit Bench(int models = 6, std::size_t bytes = 60'000) {
        fs::create_directories(old_folder());
        open();
        Library library(store->database(), old_folder());
        for (int i = 0; i < models; ++i) {
            const std::string name =
                i % 2 == 0 ? "m" + std::to_string(i) + ".gguf" : "sub/m" + std::to_string(i) + ".gguf";
            const std::string content = model_bytes(static_cast<unsigned>(i), bytes);
            write(old_folder() / name, content);
            NewModel model;
            model.path = old_folder() / name;
            entered[*library.add(model)] = sha256_of(content);
        }
        // One file under two names.
        fs::create_hard_link(old_folder() / "m0.gguf", old_folder() / "m0 again.gguf");
        fs::create_directories(elsewhere());
    }
    void open() {
        storage::DatabaseOptions options;
        options.path = path() / "pellucid.db";
        store = *storage::Store::open(options, {{models_folder_key, std::string()}});
    }
    fs::path old_folder() const { return path() / "data/models"; }
    fs::path elsewhere() const { return path() / "disk"; }
    /// Every model of the library is there, and what it was.
    bool whole() const {
        const auto models = store->models().list();
        if (!models || models->size() != entered.size()) return false;
        for (const auto& model : *models)
            if (sha256_of(slurp(model.path)) != entered.at(model.id)) return false;
        return true;
    }
    fs::path folder_now() const {
        const auto named = store->settings().get<std::string>(models_folder_key);
        return named.empty() ? old_folder() : fs::path(named);
    }

    std::unique_ptr<storage::Store> store;
    std::map<ModelId, std::string> entered;
};

std::size_t files_below(const fs::path& folder) {
    std::size_t count = 0;
    std::error_code trouble;
    for (fs::recursive_directory_iterator entry(folder, trouble), end; !trouble && entry != end;
         entry.increment(trouble))
        count += entry->is_regular_file() ? 1 : 0;
    return count;
}

/// A folder on another file system than the tests' own; empty: there is none.
std::unique_ptr<QTemporaryDir> other_disk(const fs::path& here) {
    auto folder = std::make_unique<QTemporaryDir>("/dev/shm/pellucid-move-XXXXXX");
    struct stat a {
    }, b{};
    if (!folder->isValid() || stat(here.c_str(), &a) != 0 ||
        stat(folder->path().toStdString().c_str(), &b) != 0 || a.st_dev == b.st_dev)
        return {};
    return folder;
}

}  // namespace

class TestMover : public QObject {
    Q_OBJECT

private slots:
    void to_another_folder_without_a_copy() {
        Bench bench;
        struct stat before {
        }, after{};
        stat((bench.old_folder() / "m0.gguf").c_str(), &before);
        Mover mover(bench.store->database(), bench.old_folder());
        const auto plan = mover.plan(bench.elsewhere() / "models");
        OK(plan);
        QVERIFY(plan->same_file_system && plan->bytes == 0 && plan->files == 7 && plan->fits());
        std::uint64_t last = 0;
        OK(mover.move(bench.elsewhere() / "models",
                      [&](std::uint64_t done, std::uint64_t, const std::string&) { last = done; }));
        QCOMPARE(last, std::uint64_t{7 * 60'000});
        bench.store.reset();
        bench.open();
        QVERIFY(bench.whole());
        QVERIFY(bench.folder_now() == bench.elsewhere() / "models");
        QVERIFY(!fs::exists(bench.old_folder()));
        stat((bench.elsewhere() / "models/m0.gguf").c_str(), &after);
        // A reflink is another inode of the same bytes; a hard link the same.
        if (after.st_ino == before.st_ino) QCOMPARE(after.st_nlink, nlink_t{2});
        const auto models = bench.store->models().list();
        OK(models);
        for (const auto& model : *models)
            QVERIFY(model.path.starts_with((bench.elsewhere() / "models").string()));
        const auto left = Mover(bench.store->database(), bench.folder_now()).interrupted();
        OK(left);
        QVERIFY(!*left);
    }

    void to_another_disk() {
        Bench bench;
        const auto disk = other_disk(bench.path());
        if (!disk) QSKIP("no second file system");
        const fs::path to = fs::path(disk->path().toStdString()) / "models";
        const auto time = fs::last_write_time(bench.old_folder() / "m0.gguf");
        Mover mover(bench.store->database(), bench.old_folder());
        const auto plan = mover.plan(to);
        OK(plan);
        QVERIFY(!plan->same_file_system);
        QCOMPARE(plan->bytes, std::uint64_t{6 * 60'000});  // what has two names is copied once
        OK(mover.move(to));
        bench.store.reset();
        bench.open();
        QVERIFY(bench.whole());
        QVERIFY(bench.folder_now() == to);
        QVERIFY(!fs::exists(bench.old_folder()));
        QVERIFY(fs::last_write_time(to / "m0.gguf") == time);
        struct stat one {
        }, two{};
        stat((to / "m0.gguf").c_str(), &one);
        stat((to / "m0 again.gguf").c_str(), &two);
        if (one.st_nlink > 1) QCOMPARE(one.st_ino, two.st_ino);
    }

    void what_cannot_be_is_refused_before_anything_happens() {
        Bench bench;
        Mover mover(bench.store->database(), bench.old_folder());
        QVERIFY(mover.move(bench.old_folder()).error().code == ErrorCode::invalid_argument);
        QVERIFY(mover.move(bench.old_folder() / "deeper").error().code == ErrorCode::invalid_argument);
        QVERIFY(mover.move(bench.old_folder().parent_path()).error().code == ErrorCode::invalid_argument);
        QVERIFY(mover.move("relative").error().code == ErrorCode::invalid_argument);
        // The same folder by another name.
        fs::create_directory_symlink(bench.old_folder(), bench.path() / "link");
        QVERIFY(mover.move(bench.path() / "link").error().code == ErrorCode::invalid_argument);
        // Something there that is not ours.
        write(bench.elsewhere() / "m0.gguf", "another's");
        QVERIFY(mover.move(bench.elsewhere()).error().code == ErrorCode::unsupported);
        QCOMPARE(slurp(bench.elsewhere() / "m0.gguf"), std::string("another's"));
        // A download into the folder.
        storage::DownloadRecord download;
        download.title = "x";
        download.folder = (bench.old_folder() / "sub").string();
        download.state = "paused";
        QVERIFY(bench.store->downloads().add(download).ok());
        QVERIFY(mover.move(bench.path() / "free").error().code == ErrorCode::busy);
        QVERIFY(bench.whole() && !*mover.interrupted());
    }

    void stopped_it_is_as_before() {
        Bench bench;
        const auto disk = other_disk(bench.path());
        if (!disk) QSKIP("no second file system");
        const fs::path to = fs::path(disk->path().toStdString()) / "models";
        Mover mover(bench.store->database(), bench.old_folder());
        CancelToken cancel;
        const auto stopped = mover.move(
            to,
            [&](std::uint64_t done, std::uint64_t, const std::string&) {
                if (done > 100'000) cancel.cancel();
            },
            cancel);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::cancelled);
        QVERIFY(bench.whole() && bench.folder_now() == bench.old_folder());
        QCOMPARE(files_below(to), std::size_t{0});
        QVERIFY(!*mover.interrupted());
        OK(mover.move(to));
    }

    void a_full_disk_leaves_the_library_where_it_is() {
        // The limit of a file's size stands for a disk that is full in the middle.
        Bench bench;
        const auto disk = other_disk(bench.path());
        if (!disk) QSKIP("no second file system");
        const fs::path to = fs::path(disk->path().toStdString()) / "models";
        write(bench.old_folder() / "z large.gguf", std::string(3 << 20, 'x'));
        bench.store.reset();
        const pid_t child = fork();
        if (child == 0) {
            signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{2 << 20, 2 << 20};
            setrlimit(RLIMIT_FSIZE, &limit);
            storage::DatabaseOptions options;
            options.path = bench.path() / "pellucid.db";
            auto store = storage::Store::open(options, {{models_folder_key, std::string()}});
            if (!store) _exit(9);
            const auto moved = Mover((*store)->database(), bench.old_folder()).move(to);
            _exit(!moved && moved.error().code == ErrorCode::no_space ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        QCOMPARE(WEXITSTATUS(status), 0);
        bench.open();
        QVERIFY(bench.whole());
        Mover mover(bench.store->database(), bench.old_folder());
        QVERIFY(*mover.interrupted());
        QVERIFY(mover.plan(bench.path() / "third").error().code == ErrorCode::busy);
        OK(mover.take_back());
        QVERIFY(bench.whole() && !*mover.interrupted());
        QCOMPARE(files_below(to), std::size_t{0});
        QCOMPARE(files_below(bench.old_folder()), std::size_t{8});
    }

    void killed_at_any_moment_every_model_is_whole_and_the_move_goes_on() {
        const int kills =
            qEnvironmentVariableIsSet("PELLUCID_KILLS") ? qEnvironmentVariableIntValue("PELLUCID_KILLS") : 24;
        QRandomGenerator random(20261122);
        int during_copy = 0, after_switch = 0, not_begun = 0, done = 0;
        for (int i = 0; i < kills; ++i) {
            Bench bench(10, 40'000);
            const auto disk = i % 4 == 3 ? nullptr : other_disk(bench.path());
            const fs::path to = (disk ? fs::path(disk->path().toStdString()) : bench.elsewhere()) / "models";
            bench.store.reset();
            QStringList arguments = {QString::fromStdString((bench.path() / "pellucid.db").string()),
                                     QString::fromStdString(bench.old_folder().string()),
                                     QString::fromStdString(to.string())};
            const bool halts = disk && i % 4 < 2;  // the others at any moment, which may be before or after
            if (halts) arguments << QString::number(random.bounded(1, 10 * 40'000));
            QProcess child;
            child.start(PELLUCID_MOVE_CHILD, arguments);
            QByteArray said;
            while (!said.contains(halts ? "there" : "begun")) {
                QVERIFY(child.waitForReadyRead(20000));
                said += child.readAllStandardOutput();
            }
            if (!halts) QThread::usleep(static_cast<unsigned long>(random.bounded(30'000)));
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            QVERIFY(child.waitForFinished(20000));
            bench.open();
            QVERIFY2(bench.whole(), "a model was not whole after the kill");
            Mover mover(bench.store->database(), bench.folder_now());
            const auto left = mover.interrupted();
            OK(left);
            if (!*left)
                ++(bench.folder_now() == to ? done : not_begun);
            else if ((*left)->phase == storage::MovePhase::copying)
                ++during_copy;
            else
                ++after_switch;
            const bool back = i % 2 == 0 && *left && (*left)->phase == storage::MovePhase::copying;
            OK(back ? mover.take_back() : mover.resume());
            bench.store.reset();
            bench.open();
            QVERIFY(bench.whole());
            QVERIFY(!*Mover(bench.store->database(), bench.folder_now()).interrupted());
            if (back) {
                QVERIFY(bench.folder_now() == bench.old_folder());
                QCOMPARE(files_below(to), std::size_t{0});
            }
            const bool moved = bench.folder_now() == to;
            QCOMPARE(files_below(moved ? to : bench.old_folder()), std::size_t{11});
            QCOMPARE(files_below(moved ? bench.old_folder() : to), std::size_t{0});
        }
        qInfo("%d kills: %d before it began, %d while copying, %d after the switch, %d too late", kills,
              not_begun, during_copy, after_switch, done);
        // Without a second file system nothing is copied.
        QVERIFY(during_copy > 0 || !other_disk(QDir::tempPath().toStdString()));
    }
};

QTEST_GUILESS_MAIN(TestMover)
#include "test_mover.moc"
