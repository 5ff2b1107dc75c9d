// A disk that is full: a typed error with a hint, everything saved before still there, everything streamed
// kept, and all well once there is room again.
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>

#include "storage/connection.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;
namespace fs = std::filesystem;

namespace {

/// No file of this process may grow beyond `bytes`: what a write then meets is what a full disk gives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

/// A real small disk, where the tests may mount one.
class SmallDisk {
public:
    explicit SmallDisk(const fs::path& at) : at_(at) {
        fs::create_directories(at);
        mounted_ = mount("tmpfs", at.c_str(), "tmpfs", 0, "size=3m") == 0;
    }
    ~SmallDisk() {
        if (mounted_) umount2(at_.c_str(), MNT_DETACH);
    }
    bool mounted() const { return mounted_; }
    void fill() {
        std::ofstream out(at_ / "ballast", std::ios::binary);
        const std::string block(4096, 'x');
        while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    bool grow() {
        fs::remove(at_ / "ballast");
        return mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, "size=24m") == 0;
    }

private:
    fs::path at_;
    bool mounted_ = false;
};

const std::string kLong(3000, 'w');

/// Appends until it is refused; how many went in.
int fill(Store& store, ConversationId id, Error& refusal, int most = 20000) {
    MessageId parent = 0;
    for (int count = 0; count < most; ++count) {
        auto added = store.conversations().append(id, parent, question(kLong + std::to_string(count)));
        if (!added) {
            refusal = added.error();
            return count;
        }
        parent = *added;
    }
    return most;
}

}  // namespace

class TestFullDisk : public QObject {
    Q_OBJECT

private slots:
    void saving_is_refused_and_nothing_saved_is_lost() {
        DataFolder folder;
        ConversationId id = 0;
        int saved = 0;
        {
            auto options = folder.options();
            options.max_pages = 300;
            TAKE(auto store, Store::open(options));
            TAKE(id, store->conversations().create({.title = "t"}));
            Error refusal;
            saved = fill(*store, id, refusal);
            QVERIFY(saved > 20 && saved < 20000);
            QVERIFY(refusal.code == ErrorCode::no_space);
            QVERIFY(!refusal.hint.empty() && refusal.what.find("pellucid.db") != std::string::npos);
            // Reading goes on, refused again is refused again, and the one that failed left no trace.
            TAKE(const auto path, store->conversations().active_path(id));
            QCOMPARE(path.size(), static_cast<std::size_t>(saved));
            REFUSED(store->conversations().append(id, path.back().id, question(kLong + kLong)),
                    ErrorCode::no_space);
            OK(store->database().check_integrity());
            // Making room by deleting is possible.
            OK(store->conversations().remove(id));
            OK(store->conversations().restore(id));
        }
        TAKE(auto store, folder.open());
        TAKE(const auto path, store->conversations().active_path(id));
        QCOMPARE(path.size(), static_cast<std::size_t>(saved));
        TAKE(const auto more, store->conversations().append(id, path.back().id, question(kLong)));
        (void)more;
        OK(store->database().check_integrity());
    }

    void a_reply_that_cannot_be_saved_is_tried_again_or_comes_back() {
        DataFolder folder;
        MessageId reply = 0, second = 0;
        ConversationId id = 0;
        {
            auto options = folder.options();
            options.max_pages = 300;
            TAKE(auto store, Store::open(options));
            TAKE(id, store->conversations().create({.title = "t"}));
            TAKE(const auto ballast, store->conversations().create({.title = "ballast"}));
            TAKE(auto stream, store->replies().begin(id, 0, {}));
            TAKE(auto other, store->replies().begin(id, 0, {}));
            reply = stream->message_id();
            second = other->message_id();
            Error refusal;
            fill(*store, ballast, refusal);
            for (int i = 0; i < 400; ++i) {
                stream->append(PartKind::answer, "a long reply ");
                other->append(PartKind::answer, "another reply ");
            }
            for (int i = 0; i < 2000; ++i) other->append(PartKind::answer, kLong);
            const auto refused = stream->finish({}).get();
            const auto refused_too = other->finish({}).get();
            QVERIFY(!refused_too.ok() && refused_too.error().code == ErrorCode::no_space);
            // Room again: the same stream is saved by calling it once more.
            OK(store->conversations().purge_one(ballast));
            if (!refused) {
                QVERIFY(refused.error().code == ErrorCode::no_space);
                OK(stream->finish({}).get());
            }
        }
        // The other was given up, still without room: the journal has it.
        TAKE(auto store, folder.open());
        TAKE(const auto saved, store->conversations().message(reply));
        QVERIFY(saved.state == MessageState::complete);
        QCOMPARE(saved.text_of(PartKind::answer).size(), std::size_t{400 * 13});
        TAKE(const auto back, store->conversations().message(second));
        QVERIFY(back.state == MessageState::interrupted);
        QCOMPARE(back.text_of(PartKind::answer).size(), 400 * 14 + 2000 * kLong.size());
    }

    void the_journal_waits_for_room() {
        DataFolder folder, after;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->conversations().create());
        TAKE(auto stream, store->replies().begin(id, 0, {}));
        std::atomic<int> troubles{0}, recoveries{0}, wrong{0};
        store->replies().on_trouble([&](const Result<void>& status) {
            if (status)
                ++recoveries;
            else if (status.error().code == ErrorCode::no_space && !status.error().hint.empty())
                ++troubles;
            else
                ++wrong;
        });
        const fs::path journal = folder.path() / "pellucid.db.tokens";
        {
            const FileSizeLimit limit(64 * 1024);
            for (int i = 0; i < 60; ++i) stream->append(PartKind::answer, kLong);
            QTRY_COMPARE_WITH_TIMEOUT(troubles.load(), 1, 5000);
            REFUSED(store->replies().flush(), ErrorCode::no_space);
            stream->append(PartKind::answer, "the end");
            QVERIFY(fs::file_size(journal) <= 64 * 1024);
        }
        QTRY_COMPARE_WITH_TIMEOUT(recoveries.load(), 1, 5000);
        QCOMPARE(wrong.load(), 0);
        OK(store->replies().flush());
        // Now the file has all of it: a crash here brings everything back.
        for (const char* suffix : {"", "-wal", ".tokens", ".lock"}) {
            const fs::path name = "pellucid.db" + std::string(suffix);
            fs::copy_file(folder.path() / name, after.path() / name);
        }
        {
            TAKE(auto again, after.open());
            TAKE(const auto path, again->conversations().active_path(id));
            QCOMPARE(path.at(0).text_of(PartKind::answer).size(), 60 * kLong.size() + 7);
        }
        OK(stream->finish({}).get());
    }

    void a_backup_without_room_leaves_no_half_file() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->conversations().create());
        Error refusal;
        QCOMPARE(fill(*store, id, refusal, 100), 100);
        OK(store->database().checkpoint());
        {
            const FileSizeLimit limit(100 * 1024);
            REFUSED(store->database().backup(), ErrorCode::no_space);
        }
        QVERIFY(Database::backups(folder.file()).empty());
        QVERIFY(fs::is_empty(folder.path() / "pellucid.db.backups"));
        TAKE(const auto backup, store->database().backup());
        QVERIFY(backup.bytes > 100 * kLong.size());
    }

    void a_real_full_disk() {
        DataFolder folder;
        const fs::path disk_path = folder.path() / "disk";
        SmallDisk disk(disk_path);
        if (!disk.mounted()) QSKIP("no right to mount a small tmpfs here");
        auto options = folder.options();
        options.path = disk_path / "pellucid.db";
        ConversationId id = 0;
        MessageId reply = 0;
        int saved = 0;
        {
            TAKE(auto store, Store::open(options));
            TAKE(id, store->conversations().create());
            TAKE(auto stream, store->replies().begin(id, 0, {}));
            reply = stream->message_id();
            stream->append(PartKind::answer, "before it was full");
            OK(store->replies().flush());
            Error refusal;
            TAKE(const auto other, store->conversations().create());
            saved = fill(*store, other, refusal);
            QVERIFY(saved > 20 && saved < 20000);
            QVERIFY2(refusal.code == ErrorCode::no_space, refusal.message().c_str());
            TAKE(const auto path, store->conversations().active_path(other));
            QCOMPARE(path.size(), static_cast<std::size_t>(saved));
            id = other;
            disk.fill();
        }
        {
            // Opening on it: either it works, or it says why.
            auto store = Store::open(options);
            if (!store) {
                QVERIFY2(store.error().code == ErrorCode::no_space, store.error().message().c_str());
                QVERIFY(!store.error().hint.empty());
            }
        }
        QVERIFY(disk.grow());
        TAKE(auto store, Store::open(options));
        TAKE(const auto path, store->conversations().active_path(id));
        QCOMPARE(path.size(), static_cast<std::size_t>(saved));
        TAKE(const auto message, store->conversations().message(reply));
        QVERIFY(message.text_of(PartKind::answer).starts_with("before it was full"));
        OK(store->database().check_integrity());
        store.reset();
    }
};

QTEST_APPLESS_MAIN(TestFullDisk)
#include "test_full_disk.moc"
