// A person chats: the whole app on a scripted engine.
#include "app/chat/chat_documents.h"
#include "tests/app/bench.h"

#include <QClipboard>
#include <QGuiApplication>

#include "app/chat/thought_state.h"
#include "app/models/scripted_sources.h"

using namespace pellucid;
using namespace pellucid::app;

using Kinds = QVector<int>;

class TestChat : public QObject {
    Q_OBJECT

private slots:
    void answers_with_thought_and_statistics() {
        Bench bench(script({say("First I think.", "Then I *answer*.\n\nTwice.")}));
        QVERIFY(bench.load());
        bench.chat().setDraft("What is it? Tell me.");
        QVERIFY(bench.chat().canSend());
        QVERIFY(bench.chat().send());
        QCOMPARE(bench.chat().draft(), QString());
        QVERIFY(bench.idle());
        QCOMPARE(bench.kinds(), Kinds({ChatRowModel::UserMessage, ChatRowModel::Thought, ChatRowModel::Block,
                                       ChatRowModel::Block, ChatRowModel::AnswerActions}));
        QCOMPARE(bench.shownText(), "Then I *answer*.\nTwice.");
        auto* thought = bench.at(1, ChatRowModel::ThoughtRole).value<ThoughtState*>();
        QVERIFY(thought);
        QCOMPARE(thought->state(), ThoughtState::Done);
        QVERIFY(!thought->open());
        QVERIFY(thought->tokens() > 0);
        QVERIFY(bench.at(4, ChatRowModel::StatsTextRole).toString().contains("tokens"));
        QCOMPARE(bench.chat().title(), "What is it?");
        QCOMPARE(bench.workspace->conversations().rowCount(), 1);
        bench.chat().copyAnswer(bench.messageAt(2));
        QCOMPARE(QGuiApplication::clipboard()->text(), "Then I *answer*.\n\nTwice.");
        bench.chat().copyThought(bench.messageAt(2));
        QCOMPARE(QGuiApplication::clipboard()->text(), "First I think.");
    }

    void stops_within_one_token() {
        auto clock = std::make_shared<ManualMockClock>();
        // Long enough that a busy machine cannot be done with it before the stop.
        const QByteArray whole =
            QByteArray("one two three four five six seven eight nine ten ").repeated(20).trimmed();
        MockReplyScript slow = say("", whole);
        slow.tokens_per_second = 10;
        MockScript what = script({slow});
        Bench bench(what, clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Count"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.shownText().contains("three");
        }));
        const QString before = bench.shownText();
        bench.chat().stop();
        clock->advance(std::chrono::seconds(10));
        QVERIFY(bench.idle());
        const QString after = bench.shownText();
        QVERIFY2(after.split(' ').size() <= before.split(' ').size() + 1, qPrintable(after));
        QCOMPARE(bench.kinds().mid(2), Kinds({ChatRowModel::ErrorNotice, ChatRowModel::AnswerActions}));
        QVERIFY(bench.at(2, ChatRowModel::CanContinueRole).toBool());
        // … and goes on from there.
        bench.chat().continueMessage(bench.messageAt(1));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::seconds(1));
            return !bench.chat().busy();
        }));
        QCOMPARE(bench.shownText(), QString::fromUtf8(whole));
        QCOMPARE(bench.kinds().mid(2), Kinds({ChatRowModel::AnswerActions}));
    }

    // An export reads its snapshot in another thread while the reply goes on in this one.
    void a_snapshot_of_a_running_reply_has_bytes_of_its_own() {
        auto clock = std::make_shared<ManualMockClock>();
        MockReplyScript slow = say("", "One two three four five six.");
        slow.tokens_per_second = 10;
        Bench bench(script({slow}), clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Count"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.chat().state() == ChatController::Answering;
        }));
        ChatDocument* document = bench.workspace->documents().find(bench.chat().conversationId());
        QVERIFY(document);
        const auto running = [&] { return document->tree().find(document->tree().leaf()); };
        QVERIFY(!running()->text.isEmpty());
        const StoredConversation snapshot = document->snapshot();
        const GrowingText& taken = snapshot.messages.back().text;
        QVERIFY(taken == running()->text);
        QVERIFY(!taken.sharesWith(running()->text));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::seconds(1));
            return !bench.chat().busy();
        }));
        QVERIFY(running()->text == "One two three four five six.");
        // What has ended is shared: it costs nothing to copy, and going on detaches it.
        QVERIFY(document->snapshot().messages.back().text.sharesWith(running()->text));
    }

    void stop_while_the_model_loads() {
        MockScript what = script({say("", "never")});
        what.models[0].load_seconds = 30;
        Bench bench(what);
        bench.workspace->start();
        QFile file(bench.folder.filePath("m.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        bench.workspace->models().addFile(QUrl::fromLocalFile(file.fileName()));
        QVERIFY(
            QTest::qWaitFor([&] { return bench.workspace->models().state() == ModelController::Loading; }));
        QVERIFY(bench.chat().sendText("Hello"));
        QCOMPARE(bench.chat().state(), ChatController::LoadingModel);
        QCOMPARE(bench.kinds(), Kinds({ChatRowModel::UserMessage, ChatRowModel::Waiting}));
        bench.chat().stop();
        QVERIFY(!bench.chat().busy());
        bench.workspace->models().cancelLoad();
        QCOMPARE(bench.workspace->models().state(), ModelController::Chosen);
    }

    void answer_now_ends_the_thought() {
        auto clock = std::make_shared<ManualMockClock>();
        const QByteArray longThought = QByteArray("word ").repeated(400);
        MockReplyScript slow = say(longThought, "So: 42.");
        slow.tokens_per_second = 10;
        Bench bench(script({slow}), clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Well?"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.chat().state() == ChatController::Thinking;
        }));
        QVERIFY(bench.chat().canAnswerNow());
        auto* thought = bench.rows().thought(bench.messageAt(1));
        QVERIFY(thought->live());
        QVERIFY(thought->open());
        bench.chat().answerNow();
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(50));
            return !bench.chat().busy();
        }));
        QCOMPARE(thought->state(), ThoughtState::AnsweredEarly);
        QCOMPARE(bench.shownText(), "So: 42.");
        QVERIFY(thought->tokens() < 400);
    }

    void pause_holds_and_resume_goes_on() {
        auto clock = std::make_shared<ManualMockClock>();
        const QByteArray longThought = QByteArray("word ").repeated(400);
        MockReplyScript slow = say(longThought, "Done.");
        slow.tokens_per_second = 10;
        Bench bench(script({slow}), clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Go"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.chat().state() == ChatController::Thinking;
        }));
        bench.chat().pause();
        QCOMPARE(bench.chat().state(), ChatController::Paused);
        auto* thought = bench.rows().thought(bench.messageAt(1));
        QCOMPARE(thought->state(), ThoughtState::Paused);
        QTest::qWait(200);  // what came before the pause is shown
        const int tokens = thought->tokens();
        clock->advance(std::chrono::seconds(5));  // 50 tokens, were it not paused
        QTest::qWait(200);
        QVERIFY(thought->tokens() <= tokens + 1);
        bench.chat().resume();
        QCOMPARE(bench.chat().state(), ChatController::Thinking);
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::seconds(1));
            return !bench.chat().busy();
        }));
        QCOMPARE(bench.shownText(), "Done.");
    }

    void regenerate_edit_and_branches() {
        Bench bench(script({say("", "first"), say("", "second"), say("", "third"), say("", "fourth")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("One?"));
        QCOMPARE(bench.shownText(), "first");
        bench.chat().regenerate(bench.messageAt(1));
        QVERIFY(bench.idle());
        QCOMPARE(bench.shownText(), "second");
        QCOMPARE(bench.at(1, ChatRowModel::BranchIndexRole).toInt(), 2);
        QCOMPARE(bench.at(1, ChatRowModel::BranchCountRole).toInt(), 2);
        bench.chat().switchBranch(bench.messageAt(1), -1);
        QCOMPARE(bench.shownText(), "first");
        QVERIFY(bench.ask("Two?"));
        QCOMPARE(bench.shownText(), "first\nthird");
        bench.chat().edit(bench.messageAt(3), "Two, but other?");
        QVERIFY(bench.idle());
        QCOMPARE(bench.shownText(), "first\nfourth");
        QCOMPARE(bench.at(3, TextRole).toString(), "Two, but other?");
        QCOMPARE(bench.at(3, ChatRowModel::BranchCountRole).toInt(), 2);

        // Another copy of the app on the same store shows the same.
        const QString id = bench.chat().conversationId();
        Bench later(script({}), {}, &bench.store);
        later.workspace->start();
        later.chat().show(id);
        QVERIFY(QTest::qWaitFor([&] { return later.rows().rowCount() > 0; }));
        QCOMPARE(later.shownText(), "first\nfourth");
        QCOMPARE(later.at(3, ChatRowModel::BranchCountRole).toInt(), 2);
        later.chat().switchBranch(later.messageAt(3), -1);
        QCOMPARE(later.shownText(), "first\nthird");
    }

    void a_reply_goes_on_while_another_chat_is_shown() {
        auto clock = std::make_shared<ManualMockClock>();
        const QByteArray whole = QByteArray("one two three four five ").repeated(40).trimmed();
        MockReplyScript slow = say("", whole);
        slow.tokens_per_second = 10;
        Bench bench(script({slow}), clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Count"));
        const QString first = bench.chat().conversationId();
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.chat().state() == ChatController::Answering;
        }));
        bench.workspace->conversations().newChat();
        QVERIFY(bench.chat().conversationId() != first);
        QVERIFY(bench.chat().empty());
        QVERIFY(!bench.chat().busy());
        auto& list = bench.workspace->conversations();
        QVERIFY(list.data(list.index(0), ConversationListModel::GeneratingRole).toBool());
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::seconds(1));
            return !list.data(list.index(0), ConversationListModel::GeneratingRole).toBool();
        }));
        list.open(first);
        QCOMPARE(bench.shownText(), QString::fromUtf8(whole));
    }

    void overflow_is_said_and_the_oldest_can_be_left_out() {
        MockScript what = script({say("", "fine")});
        what.models[0].context_length = 160;
        what.models[0].info.trained_context = 160;
        Bench bench(what);
        QVERIFY(bench.load());
        QVERIFY(bench.ask(QString("alpha ").repeated(40)));
        QVERIFY(bench.ask(QString("beta ").repeated(30)));
        const int rows = bench.rows().rowCount();
        bench.chat().setDraft(QString("gamma ").repeated(60));
        QVERIFY(QTest::qWaitFor([&] { return bench.chat().overflow(); }));
        QVERIFY(bench.chat().overflowText().contains("160"));
        QVERIFY2(!bench.chat().send(), "said before sending");
        QCOMPARE(bench.rows().rowCount(), rows);
        const QVariantList choices = bench.chat().overflowChoices();
        QCOMPARE(choices.size(), 1);
        QVERIFY(bench.chat().sendDropping(choices[0].toMap().value("id").toString()));
        QVERIFY(bench.idle());
        QVERIFY(!bench.chat().overflow());
        QCOMPARE(bench.chat().draft(), QString());
        QVERIFY(bench.shownText().endsWith("fine"));
        QVERIFY(bench.rows().rowCount() > rows);
    }

    void overflow_found_while_sending_gives_the_question_back() {
        MockScript what = script({say("", "fine")});
        what.models[0].context_length = 100;
        Bench bench(what);
        QVERIFY(bench.load());
        const QString question = QString("word ").repeated(200).trimmed();
        QVERIFY(bench.chat().sendText(question));
        QVERIFY(bench.idle());
        QVERIFY(bench.chat().overflow());
        QCOMPARE(bench.chat().draft(), question);
        QVERIFY(bench.chat().empty());
        QCOMPARE(bench.rows().rowCount(), 0);
        QVERIFY(bench.chat().overflowHint().contains("Shorten"));
    }

    void a_longer_context_is_offered_where_the_model_has_one() {
        MockScript what = script({say("", "fine")});
        what.models[0].context_length = 160;
        what.models[0].info.trained_context = 1000;
        what.models[0].memory = {1ull << 30, 1ull << 30, 0, 4ull << 30};
        Bench bench(what);
        QVERIFY(bench.load());
        QVERIFY(bench.ask(QString("alpha ").repeated(40)));
        bench.chat().setDraft(QString("gamma ").repeated(150).trimmed());
        QTRY_VERIFY(bench.chat().overflow());
        // Nothing that could be left out would do; the longer context would.
        QTRY_COMPARE(bench.chat().overflowChoices().size(), 1);
        const QVariantMap offer = bench.chat().overflowChoices()[0].toMap();
        QCOMPARE(offer.value("id").toString(), QStringLiteral("reload"));
        QVERIFY2(offer.value("label").toString().contains("320"),
                 qPrintable(offer.value("label").toString()));
        QVERIFY(offer.value("detail").toString().contains("2.00 GiB"));
        QVERIFY(bench.chat().sendDropping("reload"));
        QVERIFY(bench.idle());
        QVERIFY(!bench.chat().overflow());
        QCOMPARE(bench.chat().draft(), QString());
        QCOMPARE(bench.chat().contextLength(), 320);
        QCOMPARE(bench.workspace->modelSettings().contextLength(), 320);
        QCOMPARE(bench.shownText().count("fine"), 2);
    }

    void a_longer_context_that_does_not_fit_is_not_offered() {
        MockScript what = script({say("", "fine")});
        what.models[0].context_length = 160;
        what.models[0].info.trained_context = 1000;
        Bench bench(what);
        QVERIFY(bench.load());
        QVERIFY(bench.ask(QString("alpha ").repeated(40)));
        QCOMPARE(longerContext(300, 160, 1000), 640);
        QCOMPARE(longerContext(600, 160, 1000), 1000);
        QCOMPARE(longerContext(990, 160, 1000), 0);
        QCOMPARE(longerContext(100, 1000, 1000), 0);
        QCOMPARE(longerContext(100, 0, 1000), 0);
        bench.chat().setDraft(QString("gamma ").repeated(1200).trimmed());
        QTRY_VERIFY(bench.chat().overflow());
        QVERIFY(bench.chat().overflowHint().contains("Shorten"));
        QVERIFY(!bench.chat().sendDropping("reload"));
        QVERIFY(bench.chat().overflowChoices().isEmpty());
    }

    void what_did_not_fit_is_done_again_where_it_was_asked_for() {
        MockScript what = script({say("", "fine")});
        what.models[0].context_length = 160;
        what.models[0].info.trained_context = 1000;
        Bench bench(what);
        QVERIFY(bench.load());
        QVERIFY(bench.ask("short"));
        QVERIFY(bench.ask("second"));
        const int rows = bench.rows().rowCount();
        const QString longer = QString("word ").repeated(170).trimmed();
        bench.chat().edit(bench.messageAt(0), longer);
        QVERIFY(bench.idle());
        QVERIFY(bench.chat().overflow());
        QCOMPARE(bench.rows().rowCount(), rows);
        QTRY_COMPARE(bench.chat().overflowChoices().size(), 1);
        QVERIFY(bench.chat().sendDropping("reload"));
        QVERIFY(bench.idle());
        // A sibling of the first question, not a third one.
        QCOMPARE(bench.chat().questionText(bench.messageAt(0)), longer);
        QVERIFY(bench.rows().rowCount() < rows);
        QCOMPARE(bench.chat().draft(), QString());
    }

    void a_question_from_the_command_line_is_answered_by_the_starter() {
        QTemporaryDir folder;
        QFile starter(folder.filePath("Starter.Q4_1.gguf"));
        QVERIFY(starter.open(QIODevice::WriteOnly) && starter.write("x") == 1);
        starter.close();
        MockEngine engine(script({say("", "Forty-two.")}));
        MemoryStore store;
        MemorySettingStore settings;
        MemoryModelLibrary library;
        Workspace::Options options;
        options.dataFolder = folder.filePath("data");
        options.makeParser = makeMarkdownParser;
        options.starterFiles = {starter.fileName()};
        options.question = "What is 17 + 25?";
        ScriptedSources sources;
        Workspace workspace(engine, store, settings, library, sources.all(), options);
        workspace.start();
        QTRY_COMPARE(workspace.chat().questionText(workspace.chat().lastAnswerId()),
                     QStringLiteral("Forty-two."));
        QVERIFY(!workspace.context().firstRun());
        QVERIFY(QFile::exists(folder.filePath("data/models/Starter.Q4_1.gguf")));
    }

    void a_failure_keeps_what_was_said() {
        MockReplyScript broken = say("", "one two three four five six");
        broken.failure =
            Error{ErrorCode::device_lost, "The device stopped answering.", "Load the model again."};
        broken.fail_after_tokens = 3;
        Bench bench(script({broken}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("Go"));
        QCOMPARE(bench.chat().state(), ChatController::Failed);
        QCOMPARE(bench.kinds().mid(1),
                 Kinds({ChatRowModel::Block, ChatRowModel::ErrorNotice, ChatRowModel::AnswerActions}));
        QCOMPARE(bench.at(2, ChatRowModel::ErrorWhatRole).toString(), "The device stopped answering.");
        QCOMPARE(bench.at(2, ChatRowModel::ErrorHintRole).toString(), "Load the model again.");
        QVERIFY(bench.shownText().startsWith("one"));
        QVERIFY(bench.ask("Again"));  // one error does not close the chat
    }

    void a_model_that_does_not_fit_is_refused_with_the_numbers() {
        MockScript what = script({say("", "x")});
        what.models[0].memory = {6ull << 30, 1ull << 30, 1ull << 30, 4ull << 30};
        Bench bench(what);
        QVERIFY(!bench.load());
        QTRY_COMPARE(bench.workspace->models().state(), ModelController::Failed);
        QVERIFY(bench.workspace->models().errorWhat().contains("8.00 GiB"));
        QVERIFY(bench.workspace->models().errorWhat().contains("4.00 GiB"));
        QVERIFY(bench.workspace->toasts().error());
        QVERIFY(!bench.chat().sendText("Hello"));
        QVERIFY(bench.chat().empty());
    }

    void a_base_model_completes_text() {
        MockScript what = script({say("", " upon a time")});
        what.models[0].capabilities.chat = false;
        what.models[0].capabilities.thinking = false;
        Bench bench(what);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().completionOnly());
        QVERIFY(bench.ask("Once"));
        QCOMPARE(bench.shownText(), "upon a time");
    }

    void unloading_the_model_ends_its_reply_and_keeps_what_was_said() {
        auto clock = std::make_shared<ManualMockClock>();
        const QByteArray whole =
            QByteArray("one two three four five six seven eight ").repeated(20).trimmed();
        MockReplyScript slow = say("", whole);
        slow.tokens_per_second = 10;
        Bench bench(script({slow}), clock);
        QVERIFY(bench.load());
        QVERIFY(bench.chat().sendText("Count"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::milliseconds(20));
            return bench.shownText().contains("two");
        }));
        bench.workspace->models().unload();
        QVERIFY2(!bench.chat().busy(), "at once: the model's memory is wanted");
        QCOMPARE(bench.workspace->models().state(), ModelController::Chosen);
        QVERIFY(bench.shownText().startsWith("one two"));
        QCOMPARE(bench.kinds().mid(2), Kinds({ChatRowModel::ErrorNotice, ChatRowModel::AnswerActions}));
        // The next question loads it again.
        QVERIFY(bench.chat().sendText("Again"));
        QVERIFY(QTest::qWaitFor([&] {
            clock->advance(std::chrono::seconds(1));
            return !bench.chat().busy();
        }));
        QVERIFY(bench.shownText().endsWith(QString::fromUtf8(whole)));
    }

    void delete_with_undo() {
        Bench bench(script({say("", "first"), say("", "second")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("One?"));
        QVERIFY(bench.ask("Two?"));
        QCOMPARE(bench.rows().rowCount(), 6);
        bench.chat().deleteMessage(bench.messageAt(3));
        QCOMPARE(bench.rows().rowCount(), 3);
        QCOMPARE(bench.workspace->toasts().actionId(), "undo");
        bench.workspace->toasts().act();
        QCOMPARE(bench.rows().rowCount(), 6);
        QCOMPARE(bench.shownText(), "first\nsecond");

        auto& list = bench.workspace->conversations();
        const QString id = bench.chat().conversationId();
        list.remove(id);
        QCOMPARE(list.rowCount(), 0);
        QVERIFY(bench.chat().conversationId() != id);
        bench.workspace->toasts().act();
        QCOMPARE(list.rowCount(), 1);
        QCOMPARE(bench.chat().conversationId(), id);
        QVERIFY(QTest::qWaitFor([&] { return bench.rows().rowCount() == 6; }));
    }

    void fork_copies_the_path() {
        Bench bench(script({say("", "first"), say("", "second")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("One?"));
        QVERIFY(bench.ask("Two?"));
        const QString original = bench.chat().conversationId();
        bench.chat().forkHere(bench.messageAt(1));
        QVERIFY(bench.chat().conversationId() != original);
        QVERIFY(QTest::qWaitFor([&] { return bench.rows().rowCount() == 3; }));
        QCOMPARE(bench.shownText(), "first");
        QCOMPARE(bench.workspace->conversations().rowCount(), 2);
    }

    void search_rename_pin_and_folders() {
        Bench bench(script({say("the secret plan", "Blue sky.", "sky"), say("", "Green grass.", "grass")}));
        QVERIFY(bench.load());
        QVERIFY(bench.ask("Colour of the sky?"));
        const QString sky = bench.chat().conversationId();
        bench.workspace->conversations().newChat();
        QVERIFY(bench.ask("Colour of grass?"));
        auto& list = bench.workspace->conversations();
        QCOMPARE(list.rowCount(), 2);
        const auto wait = [&](int rows) { return QTest::qWaitFor([&] { return list.rowCount() == rows; }); };
        list.search("gra");
        list.search("blue");
        list.search("secret");  // the latest wins
        QVERIFY(wait(1));
        QCOMPARE(list.data(list.index(0), ConversationListModel::WhereRole).toInt(),
                 int(ConversationListModel::InThought));
        QVERIFY(list.data(list.index(0), ConversationListModel::SnippetHtmlRole)
                    .toString()
                    .contains("<b>secret</b>"));
        list.openHit(sky, list.data(list.index(0), ConversationListModel::HitMessageIdRole).toString());
        QCOMPARE(bench.chat().conversationId(), sky);
        list.search("zzz");
        QVERIFY(wait(0));
        QCOMPARE(list.resultText(), "Nothing found");
        list.search("");
        QVERIFY(wait(2));
        list.rename(sky, "  Sky  ");
        QCOMPARE(bench.chat().title(), "Sky");
        list.setPinned(sky, true);
        QCOMPARE(list.data(list.index(0), ConversationListModel::ConversationIdRole).toString(), sky);
        QCOMPARE(list.data(list.index(0), ConversationListModel::SectionRole).toString(), "Pinned");
        list.setPinned(sky, false);
        list.moveToFolder(sky, "Nature");
        QCOMPARE(list.folders(), QStringList({"Nature"}));
        QCOMPARE(list.data(list.index(0), ConversationListModel::SectionRole).toString(), "Nature");
    }
};

QTEST_MAIN(TestChat)
#include "test_chat.moc"
