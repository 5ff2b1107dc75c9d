// What must be there at the next start (drafts, backups), and what must not be touched (a database that is
// only looked at).
#include "app/models/scripted_sources.h"
#include "app/store/housekeeper.h"
#include "app/store/overlay_store.h"
#include "tests/app/store/stored_bench.h"

using namespace pellucid;
using namespace pellucid::app;

class TestKeptChats : public QObject {
    Q_OBJECT

private slots:
    void a_draft_is_there_after_the_program_has_ended() {
        QTemporaryDir folder;
        QString id;
        {
            StoredBench bench(folder.path(), script({say("", "Yes.")}));
            QVERIFY(bench.load());
            QVERIFY(bench.ask("Is it?"));
            id = bench.chat().conversationId();
            bench.chat().setDraft("and then");
            bench.workspace->conversations().open(id);
            bench.chat().showNew();
            bench.chat().setDraft("a new one\nwith two lines");
        }
        {
            StoredBench bench(folder.path(), script({say("", "Yes.")}));
            QTRY_COMPARE(bench.chat().draft(), QStringLiteral("a new one\nwith two lines"));
            QVERIFY(bench.listed(1));
            QVERIFY(bench.open(0));
            QTRY_COMPARE(bench.chat().draft(), QStringLiteral("and then"));
            // Back to the new chat: its draft waits there, and there is only one new chat.
            bench.chat().showNew();
            QCOMPARE(bench.chat().draft(), QStringLiteral("a new one\nwith two lines"));
            QVERIFY(bench.load());
            QVERIFY(bench.chat().send());
            QVERIFY(bench.idle());
        }
        StoredBench bench(folder.path(), script({say("", "Yes.")}));
        QVERIFY(bench.listed(2));
        QVERIFY(bench.store->thread().flush().ok());
        const auto left = bench.store->conversations().draft(0);
        QVERIFY(left.ok());
        QCOMPARE(*left, std::string());
        QVERIFY(bench.chat().draft().isEmpty());
    }

    void a_draft_survives_a_kill() {
        QTemporaryDir folder;
        StoredBench bench(folder.path(), script({say("", "Yes.")}));
        bench.chat().setDraft("written a moment ago");
        // In the database without anything being closed.
        QTRY_COMPARE(*bench.store->conversations().draft(0), std::string("written a moment ago"));
    }

    void an_open_chat_is_exported_from_memory() {
        QTemporaryDir folder;
        StoredBench bench(folder.path(), script({say("", "Not on the disk.")}), {}, 120);
        QVERIFY(bench.load());
        QVERIFY(bench.ask("Keep this"));
        // The disk is full: the next question reaches no row.
        while (bench.store->conversations().create({.title = std::string(4000, 'x')}).ok()) {
        }
        QVERIFY(bench.ask("And this"));
        const QString file = folder.filePath("chat.md");
        bench.workspace->exchange().exportConversation(
            bench.chat().conversationId(), QUrl::fromLocalFile(file), ExchangeController::Markdown);
        QTRY_VERIFY(QFile::exists(file));
        QTRY_VERIFY(!bench.workspace->exchange().busy());
        QFile text(file);
        QVERIFY(text.open(QIODevice::ReadOnly));
        QVERIFY(text.readAll().contains("And this"));
    }

    void the_housekeeper_does_what_is_due_and_says_once_what_fails() {
        QTemporaryDir folder;
        storage::Millis now = 1'700'000'000'000;
        storage::DatabaseOptions options;
        options.path = folder.filePath("pellucid.db").toStdString();
        options.clock = [&now] { return now; };
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        QVERIFY(opened.ok());
        auto& store = **opened;
        const auto gone = store.conversations().create({.title = "gone"});
        QVERIFY(gone.ok() && store.conversations().remove(*gone).ok());
        now += 2 * 24 * 3600 * 1000ll;
        Housekeeper housekeeper(store, {std::chrono::milliseconds(1), std::chrono::milliseconds(5)}, {});
        QSignalSpy done(&housekeeper, &Housekeeper::done), failed(&housekeeper, &Housekeeper::failed);
        QTRY_VERIFY(done.count() >= 3);
        QCOMPARE(done.at(0).at(0).toInt(), 1);
        QVERIFY(QFile::exists(done.at(0).at(1).toString()));
        QCOMPARE(done.at(1).at(0).toInt(), 0);
        QCOMPARE(storage::Database::backups(options.path).size(), std::size_t{1});
        QCOMPARE(failed.count(), 0);
        QDir(folder.filePath("pellucid.db.backups")).removeRecursively();
        QFile inTheWay(folder.filePath("pellucid.db.backups"));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        QTRY_COMPARE(failed.count(), 1);
        const auto seen = done.count();
        QTest::qWait(50);
        QCOMPARE(failed.count(), 1);
        QVERIFY(inTheWay.remove());
        QTRY_VERIFY(done.count() > seen);
        QTRY_COMPARE(storage::Database::backups(options.path).size(), std::size_t{1});
    }

    void looking_changes_nothing_that_is_stored() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("", "Stored answer.")}));
            QVERIFY(bench.load());
            QVERIFY(bench.ask("First"));
            bench.chat().showNew();
            QVERIFY(bench.ask("Second"));
        }
        storage::DatabaseOptions options;
        options.path = folder.filePath("pellucid.db").toStdString();
        options.read_only = true;
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message().c_str());
        auto overlay = std::make_unique<OverlayStore>(std::make_unique<StorageStore>(**opened));
        OverlayStore& store = *overlay;
        Error problem;
        store.onProblem([&](const Error& error) { problem = error; });
        MemorySettingStore settings;
        MemoryModelLibrary library;
        MockEngine engine(script({say("", "Said in memory.")}));
        {
            Workspace::Options work;
            work.dataFolder = folder.path();
            work.makeParser = makeMarkdownParser;
            ScriptedSources sources;
            Workspace workspace(engine, store, settings, library, sources.all(), work);
            auto& list = workspace.conversations();
            auto& chat = workspace.chat();
            workspace.start();
            QTRY_COMPARE(list.rowCount(), 2);
            workspace.models().addFile(QUrl::fromLocalFile(folder.filePath("model.gguf")));
            QTRY_COMPARE(workspace.models().state(), ModelController::Ready);
            const auto id = [&](int row) {
                return list.data(list.index(row), ConversationListModel::ConversationIdRole).toString();
            };
            // One that was opened, and one that was not.
            const QString opened1 = id(0), other = id(1);
            list.open(opened1);
            QTRY_VERIFY(!chat.empty());
            QVERIFY(chat.sendText("Go on"));
            QTRY_VERIFY(!chat.busy());
            QCOMPARE(chat.questionText(chat.lastAnswerId()), QStringLiteral("Said in memory."));
            list.rename(other, "Renamed here");
            list.search("Said in memory");
            QTRY_COMPARE(list.rowCount(), 1);
            QCOMPARE(id(0), opened1);
            list.search({});
            QTRY_COMPARE(list.rowCount(), 2);
            list.reload();
            QTRY_COMPARE(list.titleOf(other), QStringLiteral("Renamed here"));
            list.remove(other);
            list.reload();
            QTRY_COMPARE(list.rowCount(), 1);
            QVERIFY2(problem.what.empty(), problem.what.c_str());
        }
        overlay.reset();
        opened->reset();
        StoredBench bench(folder.path(), script({say("", "x")}));
        QVERIFY(bench.listed(2));
        for (int row = 0; row < 2; ++row) {
            QVERIFY(bench.open(row));
            QVERIFY(bench.shownText() == "Stored answer.");
        }
    }
};

QTEST_MAIN(TestKeptChats)
#include "test_kept_chats.moc"
