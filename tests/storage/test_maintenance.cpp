// A backup a day and no more, the end of what was deleted, drafts, and a database that may only be read.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "storage/maintenance.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;
namespace fs = std::filesystem;

namespace {

constexpr Millis kHour = 3600 * 1000, kDay = 24 * kHour;

template <typename Body>
int in_child(Body&& body) {
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) _exit(99);
        _exit(body());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

DatabaseOptions to_look(DataFolder& folder) {
    auto options = folder.options();
    options.read_only = true;
    return options;
}

}  // namespace

class TestMaintenance : public QObject {
    Q_OBJECT

private slots:
    void a_backup_a_day_and_only_of_something_new() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& chats = store->conversations();
        const auto run = [&] { return maintain(store->database(), chats); };
        const auto write = [&] { QVERIFY(chats.create({.title = "one more"}).ok()); };
        write();
        TAKE(const auto first, run());
        QVERIFY(first.backup.has_value());
        write();
        folder.time += 23 * kHour;
        TAKE(const auto early, run());
        QVERIFY(!early.backup);
        folder.time += kHour;
        TAKE(const auto second, run());
        QVERIFY(second.backup.has_value());
        folder.time += 3 * kDay;
        TAKE(const auto idle, run());
        QVERIFY2(!idle.backup, "nothing was written since: a copy would only push an older one out");
        write();
        TAKE(const auto third, run());
        QVERIFY(third.backup.has_value());
        // A clock that was a month ahead and is right again.
        folder.time -= 30 * kDay;
        write();
        TAKE(const auto back, run());
        QVERIFY(back.backup.has_value());
        QCOMPARE(Database::backups(folder.file()).size(), std::size_t{4});
    }

    void five_are_kept_and_the_one_before_a_migration_besides() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto first, store->database().backup());
        // As a migration from schema 1 would have left it, the oldest of all.
        const fs::path old = first.path.parent_path() / "v1-1000.db";
        fs::copy_file(first.path, old);
        for (int day = 0; day < 9; ++day) {
            folder.time += kDay;
            TAKE(const auto id, store->conversations().create({.title = "a day"}));
            (void)id;
            TAKE(const auto report, maintain(store->database(), store->conversations()));
            QVERIFY(report.backup.has_value());
        }
        QVERIFY(fs::exists(old));
        QCOMPARE(Database::backups(folder.file()).size(), std::size_t{6});
        QVERIFY(!fs::exists(first.path));
    }

    void what_was_deleted_is_erased_after_the_time_for_undo() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& chats = store->conversations();
        TAKE(const auto kept, chats.create({.title = "kept"}));
        TAKE(const auto gone, chats.create({.title = "gone"}));
        TAKE(const auto asked, chats.append(kept, 0, question("first")));
        TAKE(const auto branch, chats.append(kept, asked, answer("removed answer")));
        OK(chats.set_draft(gone, "unsent"));
        OK(chats.remove(gone));
        OK(chats.remove_branch(branch));
        folder.time += kDay - kHour;
        TAKE(const auto early, maintain(store->database(), chats));
        QCOMPARE(early.purged, 0);
        OK(chats.restore(gone));
        OK(chats.remove(gone));
        folder.time += kDay + kHour;
        TAKE(const auto late, maintain(store->database(), chats));
        QCOMPARE(late.purged, 1);
        TAKE(const auto deleted, chats.list_deleted());
        QVERIFY(deleted.empty());
        REFUSED(chats.message(branch), ErrorCode::not_found);
        TAKE(const auto draft, chats.draft(gone));
        QVERIFY(draft.empty());
        TAKE(const auto path, chats.active_path(kept));
        QCOMPARE(path.size(), std::size_t{1});
    }

    void nothing_is_erased_where_no_backup_can_be_written() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& chats = store->conversations();
        TAKE(const auto gone, chats.create({.title = "gone"}));
        OK(chats.remove(gone));
        folder.time += 2 * kDay;
        std::ofstream(folder.path() / "pellucid.db.backups") << "in the way";
        const auto report = maintain(store->database(), chats);
        QVERIFY(!report.ok());
        QVERIFY(!report.error().what.empty());
        TAKE(const auto deleted, chats.list_deleted());
        QCOMPARE(deleted.size(), std::size_t{1});
    }

    void drafts_live_with_their_conversation() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->conversations().create({.title = "x"}));
        OK(store->conversations().set_draft(0, "in a new chat"));
        OK(store->conversations().set_draft(id, "first"));
        OK(store->conversations().set_draft(id, "第二稿\n两行"));
        REFUSED(store->conversations().set_draft(id + 7, "nowhere"), ErrorCode::invalid_argument);
        store.reset();
        TAKE(store, folder.open());
        const auto draft = [&](ConversationId of) { return *store->conversations().draft(of); };
        QCOMPARE(draft(0), std::string("in a new chat"));
        QCOMPARE(draft(id), std::string("第二稿\n两行"));
        OK(store->conversations().set_draft(0, ""));
        QCOMPARE(draft(0), std::string());
        OK(store->conversations().remove(id));
        QCOMPARE(draft(id), std::string("第二稿\n两行"));
        OK(store->conversations().restore(id));
        OK(store->conversations().purge_one(id));
        QCOMPARE(draft(id), std::string());
    }

    void one_looks_while_another_writes() {
        DataFolder folder;
        TAKE(auto writer, folder.open());
        TAKE(const auto id, writer->conversations().create({.title = "being written"}));
        TAKE(const auto asked, writer->conversations().append(id, 0, question("look at me")));
        TAKE(auto reader, Store::open(to_look(folder)));
        QVERIFY(reader->database().read_only());
        TAKE(const auto path, reader->conversations().active_path(id));
        QCOMPARE(path.size(), std::size_t{1});
        TAKE(const auto hits, reader->search().find({.text = "look"}));
        QCOMPARE(hits.size(), std::size_t{1});
        // What the writer adds is seen; nothing can be changed from here.
        TAKE(const auto more, writer->conversations().append(id, asked, answer("seen at once")));
        TAKE(const auto longer, reader->conversations().active_path(id));
        QCOMPARE(longer.size(), std::size_t{2});
        REFUSED(reader->conversations().rename(id, "mine"), ErrorCode::read_only);
        REFUSED(reader->conversations().set_draft(id, "mine"), ErrorCode::read_only);
        REFUSED(reader->replies().begin(id, more, {}), ErrorCode::read_only);
        REFUSED(reader->replies().resume(more), ErrorCode::read_only);
        OK(reader->flush());
        reader.reset();
        // The writer is still the writer, and a third copy is still told so.
        REFUSED(folder.open(), ErrorCode::busy);
        OK(writer->conversations().rename(id, "still mine"));
        writer.reset();
        TAKE(writer, folder.open());
        QVERIFY(!writer->database().recovered_from_unclean_stop());
    }

    void a_folder_that_cannot_be_written_is_read() {
        DataFolder folder;
        {
            TAKE(auto store, folder.open());
            TAKE(const auto id, store->conversations().create({.title = "old"}));
            TAKE(const auto asked, store->conversations().append(id, 0, question("still there")));
            (void)asked;
        }
        for (const auto& entry : fs::directory_iterator(folder.path()))
            (void)chmod(entry.path().c_str(), 0444);
        QVERIFY(chmod(folder.path().c_str(), 0555) == 0);
        const int status = in_child([&] {
            auto options = to_look(folder);
            auto database = Database::open(options);
            if (!database) return 1;
            Conversations chats(**database);
            const auto list = chats.list();
            if (!list || list->size() != 1) return 2;
            const auto path = chats.active_path(list->front().id);
            if (!path || path->size() != 1) return 3;
            const auto renamed = chats.rename(list->front().id, "x");
            return !renamed && renamed.error().code == ErrorCode::read_only ? 0 : 4;
        });
        (void)chmod(folder.path().c_str(), 0755);
        QCOMPARE(status, 0);
        for (const auto& entry : fs::directory_iterator(folder.path()))
            (void)chmod(entry.path().c_str(), 0644);
        TAKE(auto store, folder.open());
    }

    void what_cannot_be_looked_at() {
        DataFolder folder;
        QVERIFY(!Store::open(to_look(folder)).ok());
        QVERIFY(!fs::exists(folder.file()));
        std::ofstream(folder.file()) << "not a database, but long enough to be taken for one at first sight";
        QVERIFY(!Store::open(to_look(folder)).ok());
    }
};

QTEST_APPLESS_MAIN(TestMaintenance)
#include "test_maintenance.moc"
