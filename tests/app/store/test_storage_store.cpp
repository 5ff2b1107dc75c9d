// The chat on the real database: what a person did is there after the program has ended, however it ended.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <future>

#include "app/chat/thought_state.h"
#include "tests/app/store/stored_bench.h"

using namespace pellucid;
using namespace pellucid::app;

class TestStorageStore : public QObject {
    Q_OBJECT

private slots:
    void everything_is_there_at_the_next_start() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("Hm, a thought.", "first"), say("Two.", "second"),
                                                     say("", "third")}));
            QVERIFY(bench.load());
            QVERIFY(bench.ask("What about 注意力?"));
            bench.chat().regenerate(bench.messageAt(1));
            QVERIFY(bench.idle());
            bench.chat().switchBranch(bench.messageAt(1), -1);
            QVERIFY(bench.ask("And then?"));
            bench.rows().thought(bench.messageAt(1))->toggle();
            bench.workspace->settings().setZoom(120);
            bench.workspace->modelSettings().setTemperature(0.25);
            bench.list().moveToFolder(bench.idOf(0), "Work");
        }
        StoredBench later(folder.path(), script({say("", "x")}));
        QCOMPARE(later.workspace->settings().zoom(), 120);
        QVERIFY(later.listed(1));
        QCOMPARE(later.list().folders(), QStringList({"Work"}));
        QCOMPARE(later.list().titleOf(later.idOf(0)), "What about 注意力?");
        QVERIFY(later.open(0));
        QCOMPARE(later.shownText(), "first\nthird");
        QCOMPARE(later.at(1, ChatRowModel::BranchCountRole).toInt(), 2);
        auto* thought = later.rows().thought(later.messageAt(1));
        QVERIFY(thought);
        QCOMPARE(thought->state(), ThoughtState::Done);
        QVERIFY2(thought->open(), "the manual choice was stored");
        QVERIFY(thought->tokens() > 0);
        // The model used last is loaded again, with its own settings.
        QVERIFY(QTest::qWaitFor([&] { return later.workspace->models().state() == ModelController::Ready; }));
        QCOMPARE(later.workspace->modelSettings().temperature(), 0.25);
        QCOMPARE(later.workspace->modelSettings().changedKeys(), QStringList({"temperature"}));
    }

    void search_finds_in_every_field() {
        QTemporaryDir folder;
        StoredBench bench(folder.path(), script({say("the quokka idea", "Answer one.", "one"),
                                                 say("", "多头潜在注意力把键值压缩到", "two")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("Question one?"));
        bench.list().newChat();
        QVERIFY(bench.ask("Question two?"));
        bench.chats->flush();  // searches run beside the writing: wait until there is something to find
        const auto find = [&](const QString& text, int where) {
            bench.list().search(text);
            return QTest::qWaitFor([&] {
                return bench.list().rowCount() == 1 &&
                       bench.list().data(bench.list().index(0), ConversationListModel::WhereRole).toInt() ==
                           where;
            });
        };
        QVERIFY(find("quokka", ConversationListModel::InThought));
        QVERIFY(find("潜在", ConversationListModel::InAnswer));
        const QString snippet =
            bench.list().data(bench.list().index(0), ConversationListModel::SnippetRole).toString();
        const QVariantList ranges =
            bench.list().data(bench.list().index(0), ConversationListModel::MatchesRole).toList();
        QVERIFY(ranges.size() >= 2);
        QCOMPARE(snippet.mid(ranges[0].toInt(), ranges[1].toInt()), "潜在");
        // A hit opens where it is, though its row was made in this run.
        const QString message =
            bench.list().data(bench.list().index(0), ConversationListModel::HitMessageIdRole).toString();
        QVERIFY(bench.rows().rowOfMessage(message) >= 0);
    }

    void stop_continue_and_timings_are_stored() {
        QTemporaryDir folder;
        auto clock = std::make_shared<ManualMockClock>();
        MockReplyScript slow = say("", "one two three four five six seven eight nine ten");
        slow.tokens_per_second = 10;
        {
            StoredBench bench(folder.path(), script({slow}), clock);
            QVERIFY(bench.load());
            QVERIFY(bench.chat().sendText("Count"));
            QVERIFY(QTest::qWaitFor([&] {
                clock->advance(std::chrono::milliseconds(20));
                return bench.shownText().contains("four");
            }));
            bench.chat().stop();
            QVERIFY(QTest::qWaitFor([&] {
                clock->advance(std::chrono::milliseconds(20));
                return !bench.chat().busy();
            }));
        }
        StoredBench later(folder.path(), script({slow}), clock);
        QVERIFY(later.listed(1));
        QVERIFY(later.open(0));
        QVERIFY(later.shownText().startsWith("one two three four"));
        QVERIFY(later.at(2, ChatRowModel::CanContinueRole).toBool());
        QVERIFY(QTest::qWaitFor([&] { return later.workspace->models().state() == ModelController::Ready; }));
        later.chat().continueMessage(later.messageAt(1));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(100));
            return !later.chat().busy();
        }));
        QCOMPARE(later.shownText(), "one two three four five six seven eight nine ten");
        later.chats->flush();
        const auto rows = later.store->conversations().list();
        const auto tree = later.store->conversations().tree(rows->front().id);
        QVERIFY(tree.ok());
        QCOMPARE(tree->back().text_of(storage::PartKind::answer),
                 std::string("one two three four five six seven eight nine ten"));
        QCOMPARE(tree->back().state, storage::MessageState::complete);
        QCOMPARE(tree->back().timings->answer_tokens, 10);
    }

    void delete_and_undo_reach_the_database() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("", "first"), say("", "second")}));
            QVERIFY(bench.load());
            QVERIFY(bench.ask("One?"));
            QVERIFY(bench.ask("Two?"));
            bench.chat().deleteMessage(bench.messageAt(2));
            bench.workspace->toasts().act();
            bench.list().newChat();
            QVERIFY(bench.ask("Gone"));
            bench.list().remove(bench.chat().conversationId());
        }
        StoredBench later(folder.path(), script({}));
        QVERIFY(later.listed(1));
        QVERIFY(later.open(0));
        QCOMPARE(later.shownText(), "first\nsecond");
    }

    void fork_is_there_at_the_next_start() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("", "first"), say("", "second")}));
            QVERIFY(bench.load());
            QVERIFY(bench.ask("One?"));
            QVERIFY(bench.ask("Two?"));
            bench.chat().forkHere(bench.messageAt(1));
            QVERIFY(QTest::qWaitFor([&] { return bench.shownText() == "first"; }));
            QVERIFY(bench.ask("Other?"));
        }
        StoredBench later(folder.path(), script({}));
        QVERIFY(later.listed(2));
        QVERIFY(later.open(0));
        QVERIFY(later.shownText().startsWith("first\n"));
    }

    /// The disk is slow: the person is two steps further before the end of a reply is written.
    void what_a_person_does_right_after_a_reply_finds_it_whole() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("A thought.", "first"), say("", "second")}));
            QVERIFY(bench.load());
            std::promise<void> slow;
            bench.store->thread().post([waited = slow.get_future().share()] { waited.wait(); });
            QVERIFY(bench.ask("One?"));
            bench.rows().thought(bench.messageAt(1))->toggle();
            bench.chat().forkHere(bench.messageAt(1));
            slow.set_value();
            QTRY_COMPARE(bench.shownText(), "first");
            QVERIFY(bench.rows().thought(bench.messageAt(1))->open());
        }
        StoredBench later(folder.path(), script({}));
        QVERIFY(later.listed(2));
        for (int row = 0; row < 2; ++row) {
            QVERIFY(later.open(row));
            QCOMPARE(later.shownText(), "first");
            QVERIFY(later.rows().thought(later.messageAt(1))->open());
        }
    }

    void a_fold_chosen_while_streaming_is_kept_when_the_program_ends_at_once() {
        QTemporaryDir folder;
        {
            StoredBench bench(folder.path(), script({say("A thought.", "first")}));
            QVERIFY(bench.load());
            std::promise<void> slow;
            bench.store->thread().post([waited = slow.get_future().share()] { waited.wait(); });
            QVERIFY(bench.chat().sendText("One?"));
            QTRY_VERIFY(bench.rows().rowCount() > 1 && bench.rows().thought(bench.messageAt(1)));
            auto* thought = bench.rows().thought(bench.messageAt(1));
            thought->toggle();
            if (!thought->open()) thought->toggle();
            QVERIFY(bench.idle());
            slow.set_value();
        }
        StoredBench later(folder.path(), script({}));
        QVERIFY(later.listed(1));
        QVERIFY(later.open(0));
        QVERIFY(later.rows().thought(later.messageAt(1))->open());
    }

    void killed_while_streaming_it_reopens_and_goes_on() {
        QTemporaryDir folder;
        // A child streams with the real clock and is killed in the middle; it says on a pipe what it has
        // shown.
        int pipe[2];
        QCOMPARE(::pipe(pipe), 0);
        const QByteArray program = QCoreApplication::applicationFilePath().toLocal8Bit();
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            dup2(pipe[1], 1);
            setenv("PELLUCID_TEST_STREAM", folder.path().toLocal8Bit().constData(), 1);
            execl(program.constData(), program.constData(), nullptr);
            _exit(9);
        }
        close(pipe[1]);
        QByteArray seen;
        char buffer[4096];
        // Forty frames, and sixty more before the kill: about a second, and more where the machine is busy,
        // as the same load slows the frames. (The bound of 100 ms is measured by the kill tests of storage.)
        while (seen.count('\n') < 100) {
            const auto got = read(pipe[0], buffer, sizeof buffer);
            QVERIFY2(got > 0, "the streaming child ended by itself");
            seen.append(buffer, got);
        }
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        close(pipe[0]);
        const int shown = QString::fromUtf8(seen).split('\n', Qt::SkipEmptyParts).at(39).toInt();
        QVERIFY(shown > 0);

        StoredBench later(folder.path(),
                          script({say(QByteArray("w ").repeated(4000).trimmed().constData(), "Done.")}));
        QVERIFY(later.listed(1));
        QVERIFY(later.open(0));
        auto* thought = later.rows().thought(later.messageAt(1));
        QVERIFY(thought);
        QCOMPARE(thought->state(), ThoughtState::Interrupted);
        QVERIFY(thought->canContinue());
        const QString kept = thought->blocks()->data(thought->blocks()->index(0), TextRole).toString();
        QVERIFY2(kept.size() >= shown,
                 qPrintable(QString("%1 kept of %2 shown").arg(kept.size()).arg(shown)));
        QVERIFY(QTest::qWaitFor([&] { return later.workspace->models().state() == ModelController::Ready; }));
        later.chat().continueMessage(later.messageAt(1));
        QVERIFY(later.idle());
        QCOMPARE(later.shownText(), "Done.");
    }

    void a_full_disk_is_said_and_what_was_said_is_saved_when_there_is_room() {
        QTemporaryDir folder;
        const QByteArray filler = QByteArray("word ").repeated(30000);
        std::int64_t pages = 0;
        {
            StoredBench bench(folder.path(), script({say("", "fine")}));
            QVERIFY(bench.load());
            storage::NewMessage junk;
            junk.parts.push_back({storage::PartKind::text, filler.toStdString()});
            const auto row = bench.store->conversations().create({"Junk"});
            QVERIFY(row.ok());
            QVERIFY(bench.store->conversations().append(*row, 0, junk).ok());
            QVERIFY(bench.store->database().checkpoint().ok());
            pages = QFileInfo(folder.filePath("pellucid.db")).size() / 4096;
        }
        {
            StoredBench bench(folder.path(), script({say("", "an answer kept in memory")}), {}, pages + 2);
            QVERIFY(bench.listed(1));
            QVERIFY(
                QTest::qWaitFor([&] { return bench.workspace->models().state() == ModelController::Ready; }));
            for (int i = 0; i < 6; ++i)
                QVERIFY(bench.ask(QString("Question %1 ").arg(i) + QString("long ").repeated(400)));
            QVERIFY(QTest::qWaitFor([&] { return !bench.workspace->context().noticeWhat().isEmpty(); }));
            QVERIFY(!bench.workspace->context().noticeHint().isEmpty());
            QVERIFY(bench.shownText().contains("an answer kept in memory"));
            // What is shown can be exported.
            const QString out = folder.filePath("kept.json");
            bench.workspace->exchange().exportConversation(
                bench.chat().conversationId(), QUrl::fromLocalFile(out), ExchangeController::Json);
            QVERIFY(QTest::qWaitFor([&] { return QFile::exists(out); }));
            // Room again: everything is saved by itself, in order.
            const auto rows = bench.store->conversations().list();
            for (const auto& row : *rows)
                if (row.title == "Junk") QVERIFY(bench.store->conversations().purge_one(row.id).ok());
            QVERIFY(
                QTest::qWaitFor([&] { return bench.workspace->context().noticeWhat().isEmpty(); }, 15000));
        }
        StoredBench later(folder.path(), script({}));
        QVERIFY(later.listed(1));
        QVERIFY(later.open(0));
        QCOMPARE(later.shownText().count("an answer kept in memory"), 6);
    }

    void import_goes_into_the_database() {
        QTemporaryDir folder;
        StoredBench bench(folder.path(), script({}));
        QSignalSpy imported(&bench.workspace->exchange(), &ExchangeController::imported);
        bench.workspace->exchange().importFile(QUrl::fromLocalFile(QString::fromUtf8(PELLUCID_FIXTURES) +
                                                                   "/exchange/chatgpt_conversations.json"));
        QVERIFY(QTest::qWaitFor([&] { return imported.count() == 1; }));
        QVERIFY(bench.listed(2));
        const QUrl out = QUrl::fromLocalFile(folder.filePath("all.json"));
        bench.workspace->exchange().exportAll(out);
        QVERIFY(QTest::qWaitFor([&] { return !bench.workspace->exchange().busy(); }));
        bench.workspace->exchange().importFile(out);
        QVERIFY(QTest::qWaitFor([&] { return imported.count() == 2; }));
        QVERIFY(bench.listed(4));
    }
};

/// Streams until it is killed, saying after each frame how many characters of the thought were shown.
static int streamUntilKilled(const QString& folder) {
    MockReplyScript slow = say(QByteArray("w ").repeated(4000).trimmed().constData(), "Done.");
    slow.tokens_per_second = 200;
    StoredBench bench(folder, script({slow}));
    if (!bench.load() || !bench.chat().sendText("Think")) return 1;
    int said = 0;
    const bool pipeClosed = QTest::qWaitFor(
        [&] {
            for (int row = 0; row < bench.rows().rowCount(); ++row) {
                auto* thought = bench.at(row, ChatRowModel::ThoughtRole).value<ThoughtState*>();
                if (!thought || thought->blocks()->rowCount() == 0) continue;
                const int size = static_cast<int>(
                    thought->blocks()->data(thought->blocks()->index(0), TextRole).toString().size());
                if (size == said) continue;
                said = size;
                const QByteArray line = QByteArray::number(size) + '\n';
                if (write(1, line.constData(), static_cast<std::size_t>(line.size())) < 0) return true;
            }
            return false;
        },
        60000);
    return pipeClosed ? 2 : 1;
}

int main(int argc, char** argv) {
    QGuiApplication application(argc, argv);
    if (const QString folder = qEnvironmentVariable("PELLUCID_TEST_STREAM"); !folder.isEmpty())
        return streamUntilKilled(folder);
    TestStorageStore test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_storage_store.moc"
