// Opening the file: fresh, old, newer, broken, locked, read-only; backups and migrations.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "storage/connection.h"
#include "storage/migrations.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;
namespace fs = std::filesystem;

namespace {

const fs::path kFrozen = fs::path(PELLUCID_STORAGE_TESTS) / "schema";

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Every table, index and trigger as SQL, in the order they were made; what a full-text table makes by itself
/// is left out.
std::string schema_of(Connection& connection) {
    std::string text;
    SQLite::Statement query(
        connection.raw(),
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid");
    while (query.executeStep()) text += query.getColumn(0).getString() + ";\n";
    return text;
}

/// A database at an old schema: its frozen SQL, then rows as that version wrote them.
void make_frozen(const fs::path& path, int version) {
    Connection connection(path, Connection::Mode::writer, 0);
    connection.exec("PRAGMA journal_mode = WAL");
    connection.exec("PRAGMA application_id = 1346718796");
    connection.exec(slurp(kFrozen / ("v" + std::to_string(version) + ".schema.sql")).c_str());
    connection.exec(slurp(kFrozen / "rows.sql").c_str());
    connection.exec(("PRAGMA user_version = " + std::to_string(version)).c_str());
}

/// Runs `body` in a child, as an ordinary user where the tests run as root (root may write anywhere).
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

void overwrite(const fs::path& path, std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
}

/// A store with `count` messages, closed.
void fill(DataFolder& folder, int count) {
    auto store = *folder.open();
    const auto id = *store->conversations().create({.title = "filled"});
    MessageId parent = 0;
    for (int i = 0; i < count; ++i)
        parent = *store->conversations().append(
            id, parent, question("message " + std::to_string(i) + std::string(500, 'x')));
}

}  // namespace

class TestDatabase : public QObject {
    Q_OBJECT

private slots:
    void a_fresh_database_is_set_up_as_it_should_be() {
        DataFolder folder;
        auto options = folder.options();
        options.path = folder.path() / "made" / "on" / "the way" / "pellucid.db";
        TAKE(auto store, Store::open(options));
        auto& database = store->database();
        QCOMPARE(database.schema_version(), Database::latest_schema());
        QVERIFY(!database.recovered_from_unclean_stop());
        const auto pragma = [&](const char* name) {
            auto lease = database.write();
            return QString::fromStdString(
                (*lease).raw().execAndGet(std::string("PRAGMA ") + name).getString());
        };
        QCOMPARE(pragma("journal_mode"), QString("wal"));
        QCOMPARE(pragma("foreign_keys"), QString("1"));
        QCOMPARE(pragma("synchronous"), QString("1"));
        QCOMPARE(pragma("busy_timeout"), QString("5000"));
        QCOMPARE(pragma("user_version"), QString::number(Database::latest_schema()));
        OK(database.check_integrity());
        OK(database.checkpoint());
        // A reader cannot write, not even by mistake.
        auto reader = database.read();
        QVERIFY_EXCEPTION_THROWN((*reader).exec("DELETE FROM messages"), SQLite::Exception);
    }

    void durable_means_written() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->conversations().create({.title = "x"}));
        (void)id;
        QVERIFY(store->database().has_undurable_writes());
        OK(store->flush());
        QVERIFY(!store->database().has_undurable_writes());
        TAKE(const auto other, store->conversations().create({.title = "y"}));
        (void)other;
        // The thread does it by itself within about a second.
        QTRY_VERIFY_WITH_TIMEOUT(!store->database().has_undurable_writes(), 5000);
    }

    void every_schema_is_the_frozen_one() {
        // Also of the versions before: a released migration is never edited. PELLUCID_FREEZE=1 writes the
        // copy of a new one.
        DataFolder folder;
        Connection connection(folder.file(), Connection::Mode::writer, 0);
        for (const auto& migration : migrations()) {
            connection.exec(std::string(migration.sql).c_str());
            const auto frozen = kFrozen / ("v" + std::to_string(migration.version) + ".schema.sql");
            if (qEnvironmentVariableIsSet("PELLUCID_FREEZE") && !fs::exists(frozen))
                std::ofstream(frozen, std::ios::binary) << schema_of(connection);
            QVERIFY2(slurp(frozen) == schema_of(connection), frozen.c_str());
        }
    }

    void every_released_schema_migrates_and_keeps_its_rows_data() {
        QTest::addColumn<int>("version");
        for (int version = 1; version <= Database::latest_schema(); ++version)
            QTest::addRow("v%d", version) << version;
    }
    void every_released_schema_migrates_and_keeps_its_rows() {
        QFETCH(int, version);
        DataFolder folder;
        make_frozen(folder.file(), version);
        TAKE(auto store, folder.open());
        QCOMPARE(store->database().schema_version(), Database::latest_schema());
        // A backup of it as it was, made before.
        const auto backups = Database::backups(folder.file());
        QCOMPARE(backups.size(), std::size_t(version < Database::latest_schema() ? 1 : 0));
        if (!backups.empty()) {
            QCOMPARE(backups[0].schema_version, version);
            SQLite::Database copy(backups[0].path.string(), SQLite::OPEN_READWRITE);
            QCOMPARE(copy.execAndGet("PRAGMA user_version").getInt(), version);
            QCOMPARE(copy.execAndGet("SELECT count(*) FROM messages").getInt(), 4);
        }
        auto& c = store->conversations();
        TAKE(const auto list, c.list());
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].title, std::string("潮汐 and the moon"));
        QVERIFY(list[0].pinned);
        TAKE(const auto deleted, c.list_deleted());
        QCOMPARE(deleted.size(), std::size_t{1});
        TAKE(const auto path, c.active_path(list[0].id));
        QCOMPARE(path.size(), std::size_t{2});
        QCOMPARE(path[0].text_of(PartKind::text), std::string("Why are there two tides a day?"));
        QCOMPARE(path[1].siblings.size(), std::size_t{2});
        QCOMPARE(path[1].text_of(PartKind::thought), std::string("月亮的引力"));
        QCOMPARE(path[1].receipt->seed, std::uint64_t{18446744073709551615u});
        QCOMPARE(path[1].timings->answer_tokens, 12);
        TAKE(const auto sampler, c.sampler(path[1].id));
        QVERIFY((sampler->token_ids == std::vector<std::int32_t>{1, 2}));
        TAKE(const auto models, store->models().list());
        QCOMPARE(models.at(0).path, std::string("/models/a.gguf"));
        // What was there before there was search is found.
        TAKE(const auto hits, store->search().find({.text = "引力"}));
        QCOMPARE(hits.size(), std::size_t{1});
        QVERIFY(hits[0].field == SearchField::thought);
        OK(store->database().check_integrity());
        auto lease = store->database().write();
        QVERIFY(schema_of(*lease) ==
                slurp(kFrozen / ("v" + std::to_string(Database::latest_schema()) + ".schema.sql")));
    }

    void a_migration_that_has_no_room_for_its_backup_changes_nothing() {
        DataFolder folder;
        make_frozen(folder.file(), 1);
        // A file where the backups' folder belongs.
        std::ofstream(folder.path() / "pellucid.db.backups") << "in the way";
        auto opened = folder.open();
        QVERIFY(!opened.ok());
        QCOMPARE(SQLite::Database(folder.file().string()).execAndGet("PRAGMA user_version").getInt(), 1);
        fs::remove(folder.path() / "pellucid.db.backups");
        TAKE(auto store, folder.open());
        TAKE(const auto list, store->conversations().list());
        QCOMPARE(list.size(), std::size_t{1});
    }

    void a_newer_schema_is_refused_and_left_alone() {
        DataFolder folder;
        fill(folder, 1);
        {
            SQLite::Database newer(folder.file().string(), SQLite::OPEN_READWRITE);
            newer.exec("PRAGMA user_version = 99");
        }
        const auto before = slurp(folder.file());
        auto opened = folder.open();
        REFUSED(std::move(opened), ErrorCode::unsupported);
        opened = folder.open();
        QVERIFY(opened.error().what.find("schema 99") != std::string::npos);
        QVERIFY(!opened.error().hint.empty());
        QVERIFY(slurp(folder.file()) == before);
    }

    void another_programs_database_is_refused_and_left_alone() {
        DataFolder folder;
        {
            SQLite::Database other(folder.file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            other.exec("CREATE TABLE theirs (x)");
        }
        const auto before = slurp(folder.file());
        REFUSED(folder.open(), ErrorCode::unsupported);
        QVERIFY(slurp(folder.file()) == before);
    }

    void a_second_copy_is_told_who_has_it() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto second = folder.open();
        REFUSED(std::move(second), ErrorCode::busy);
        second = folder.open();
        QVERIFY(second.error().what.find(std::to_string(getpid())) != std::string::npos);
        QVERIFY(!second.error().hint.empty());
        // From another process too, and the refusal does not disturb the first.
        const int status = in_child([&] {
            (void)chmod(folder.path().c_str(), 0777);
            auto third = folder.open();
            return !third.ok() && (third.error().code == ErrorCode::busy ||
                                   third.error().code == ErrorCode::read_only)
                       ? 0
                       : 1;
        });
        QCOMPARE(status, 0);
        TAKE(const auto id, store->conversations().create());
        (void)id;
        REFUSED(Database::restore(folder.file(), Backup{}), ErrorCode::busy);
        store.reset();
        TAKE(store, folder.open());
        QVERIFY(!store->database().recovered_from_unclean_stop());
    }

    void a_dead_process_leaves_no_lock_and_is_noticed() {
        DataFolder folder;
        fill(folder, 3);
        // A program of its own: a fork of this one, which has threads, may not start any.
        const int status =
            std::system((std::string(PELLUCID_KILL_CHILD) + " " + folder.file().string() + " once").c_str());
        QCOMPARE(status, 0);
        TAKE(auto store, folder.open());
        QVERIFY(store->database().recovered_from_unclean_stop());
        TAKE(const auto list, store->conversations().list());
        QCOMPARE(list.size(), std::size_t{2});
        store.reset();
        TAKE(store, folder.open());
        QVERIFY(!store->database().recovered_from_unclean_stop());
    }

    void a_read_only_folder_is_a_typed_error() {
        DataFolder folder;
        fill(folder, 2);
        for (const auto& entry : fs::directory_iterator(folder.path()))
            (void)chmod(entry.path().c_str(), 0444);
        QVERIFY(chmod(folder.path().c_str(), 0555) == 0);
        const auto before = slurp(folder.file());
        const auto refused = [&] {
            auto store = folder.open();
            return store.ok()                                   ? 1
                   : store.error().code != ErrorCode::read_only ? 2
                   : store.error().hint.empty()                 ? 3
                                                                : 0;
        };
        QCOMPARE(in_child(refused), 0);
        // The lock can be written, the folder not: SQLite itself has to say it.
        (void)chmod((folder.path() / "pellucid.db.lock").c_str(), 0666);
        QCOMPARE(in_child(refused), 0);
        // The file can be written, its folder not.
        (void)chmod(folder.file().c_str(), 0666);
        QCOMPARE(in_child(refused), 0);
        // A folder that is not there and cannot be made.
        QCOMPARE(in_child([&] {
                     auto options = folder.options();
                     options.path = folder.path() / "new" / "pellucid.db";
                     auto store = Store::open(options);
                     return store.ok() ? 1 : store.error().code == ErrorCode::read_only ? 0 : 2;
                 }),
                 0);
        QVERIFY(slurp(folder.file()) == before);
        (void)chmod(folder.path().c_str(), 0755);
        for (const auto& entry : fs::directory_iterator(folder.path()))
            (void)chmod(entry.path().c_str(), 0644);
        TAKE(auto store, folder.open());
    }

    void a_broken_file_is_refused_kept_and_replaced_by_its_backup() {
        DataFolder folder;
        fill(folder, 50);
        {
            TAKE(auto store, folder.open());
            TAKE(const auto backup, store->database().backup());
            QVERIFY(backup.bytes > 50 * 500);
            TAKE(const auto id, store->conversations().create({.title = "after the backup"}));
            (void)id;
        }
        const auto good = slurp(folder.file());
        // The header gone.
        overwrite(folder.file(), 0, std::string(200, 'Z'));
        const auto broken = slurp(folder.file());
        auto opened = folder.open();
        REFUSED(std::move(opened), ErrorCode::corrupt);
        opened = folder.open();
        const auto backups = Database::backups(folder.file());
        QCOMPARE(backups.size(), std::size_t{1});
        QVERIFY(opened.error().hint.find(backups[0].path.string()) != std::string::npos);
        QVERIFY(slurp(folder.file()) == broken);

        TAKE(const auto aside, Database::restore(folder.file(), backups[0]));
        QVERIFY(slurp(aside) == broken);
        TAKE(auto store, folder.open());
        TAKE(const auto list, store->conversations().list());
        QCOMPARE(list.size(), std::size_t{1});
        TAKE(const auto path, store->conversations().active_path(list[0].id));
        QCOMPARE(path.size(), std::size_t{50});
        OK(store->database().check_integrity());
        REFUSED(Database::restore(folder.path() / "other.db", Backup{.path = "/nowhere"}),
                ErrorCode::not_found);
    }

    void damage_in_the_middle_is_found_after_an_unclean_stop() {
        DataFolder folder;
        fill(folder, 200);
        const auto size = fs::file_size(folder.file());
        // As a process leaves it that was killed, and a disk that lost pages.
        std::ofstream(folder.path() / "pellucid.db.lock") << "1234 open\n";
        for (std::uintmax_t page = 20 * 4096; page < size; page += 5 * 4096)
            overwrite(folder.file(), static_cast<std::streamoff>(page), std::string(4096, '\x5a'));
        const auto broken = slurp(folder.file());
        auto opened = folder.open();
        REFUSED(std::move(opened), ErrorCode::corrupt);
        opened = folder.open();  // the next try looks again: nobody marked it clean
        REFUSED(std::move(opened), ErrorCode::corrupt);
        QVERIFY(slurp(folder.file()) == broken);
    }

    void damage_met_while_reading_is_a_typed_error() {
        DataFolder folder;
        fill(folder, 200);
        const auto size = fs::file_size(folder.file());
        for (std::uintmax_t page = 20 * 4096; page < size; page += 4096)
            overwrite(folder.file(), static_cast<std::streamoff>(page), std::string(4096, '\x5a'));
        auto opened = folder.open();
        if (!opened) {
            QVERIFY(opened.error().code == ErrorCode::corrupt);
            return;
        }
        REFUSED((*opened)->database().check_integrity(), ErrorCode::corrupt);
        const auto path = (*opened)->conversations().active_path(1);
        QVERIFY(!path.ok() && path.error().code == ErrorCode::corrupt);
    }

    void an_empty_or_cut_file() {
        DataFolder folder;
        std::ofstream(folder.file()).close();  // empty: as good as none
        { TAKE(auto store, folder.open()); }
        fill(folder, 100);
        fs::resize_file(folder.file(), 20 * 4096 + 100);
        std::ofstream(folder.path() / "pellucid.db.lock") << "1234 open\n";
        REFUSED(folder.open(), ErrorCode::corrupt);
        fs::resize_file(folder.file(), 50);
        REFUSED(folder.open(), ErrorCode::corrupt);
    }

    void only_the_newest_backups_are_kept() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        std::vector<Backup> made;
        for (int i = 0; i < 8; ++i) {
            TAKE(made.emplace_back(), store->database().backup());
        }
        const auto kept = Database::backups(folder.file());
        QCOMPARE(kept.size(), std::size_t{5});
        QCOMPARE(kept[0].path, made.back().path);
        QVERIFY(kept[0].created_at > kept[1].created_at);
        std::ofstream(folder.path() / "pellucid.db.backups" / "v9-notanumber.db") << "x";
        QCOMPARE(Database::backups(folder.file()).size(), std::size_t{5});
        QVERIFY(Database::backups(folder.path() / "absent.db").empty());
    }
};

QTEST_APPLESS_MAIN(TestDatabase)
#include "test_database.moc"
