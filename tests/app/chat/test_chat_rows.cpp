// The rows of a conversation: a streamed message changes only its last rows, whatever the pieces.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "app/chat/block_list_model.h"
#include "app/chat/chat_row_model.h"
#include "app/chat/chat_tree.h"
#include "app/chat/markdown_parser.h"
#include "app/chat/thought_state.h"

using namespace pellucid::app;

namespace {

Message question(const QString& id, const QString& parent) {
    Message made;
    made.id = id;
    made.parentId = parent;
    made.text = "Why?";
    return made;
}

Message reply(const QString& id, const QString& parent, MessageState state, const QString& text = {}) {
    Message made;
    made.id = id;
    made.parentId = parent;
    made.role = MessageRole::Assistant;
    made.state = state;
    made.text = text;
    return made;
}

QString lines(ChatRowModel& rows) {
    QString all;
    for (int i = 0; i < rows.rowCount(); ++i) {
        const auto get = [&](int role) { return rows.data(rows.index(i), role); };
        all += QString::number(get(ChatRowModel::RowKindRole).toInt()) + ' ' + get(BlockKindRole).toString() +
               ' ' + get(TextRole).toString() + '\n';
    }
    return all;
}

const QString kAnswer =
    "# Head\n\nSome *text* with\nlines.\n\n- one\n- two\n\n```python\nprint(1)\n\nprint(2)\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n$$\nx^2\n$$\n\nEnd.";

}  // namespace

class TestChatRows : public QObject {
    Q_OBJECT

private slots:
    void streaming_equals_loading() {
        ChatTree whole;
        whole.append(question("q", ""));
        whole.append(reply("a", "q", MessageState::Complete, kAnswer));
        ChatRowModel loaded(makeMarkdownParser);
        QAbstractItemModelTester checkLoaded(&loaded);
        loaded.showPath(whole);

        for (const int piece : {1, 3, 7, 1000}) {
            ChatTree tree;
            tree.append(question("q", ""));
            tree.append(reply("a", "q", MessageState::Streaming));
            ChatRowModel rows(makeMarkdownParser);
            QAbstractItemModelTester check(&rows);
            rows.showPath(tree);
            QSignalSpy resets(&rows, &ChatRowModel::modelReset);
            rows.setWaiting("a", "Reading", 0.5);
            QCOMPARE(rows.rowCount(), 2);
            GrowingText answer;
            for (qsizetype at = 0; at < kAnswer.size(); at += piece)
                rows.growAnswer("a", answer += kAnswer.mid(at, piece));
            rows.finish(reply("a", "q", MessageState::Complete, kAnswer));
            QCOMPARE(lines(rows), lines(loaded));
            QCOMPARE(resets.count(), 0);
        }
    }

    void a_token_changes_only_the_last_rows() {
        ChatTree tree;
        QString parent;
        for (int i = 0; i < 20; ++i) {
            tree.append(question(QString("q%1").arg(i), parent));
            tree.append(reply(QString("a%1").arg(i), QString("q%1").arg(i), MessageState::Complete, kAnswer));
            parent = QString("a%1").arg(i);
        }
        tree.append(question("q", parent));
        tree.append(reply("a", "q", MessageState::Streaming));
        ChatRowModel rows(makeMarkdownParser);
        rows.showPath(tree);
        const int before = rows.rowCount();
        int lowest = before + 100;
        connect(&rows, &ChatRowModel::dataChanged, &rows,
                [&](const QModelIndex& top) { lowest = std::min(lowest, top.row()); });
        GrowingText answer;
        for (int i = 0; i < 200; ++i)
            rows.growAnswer("a", answer += QString("Paragraph %1 of text.\n\n").arg(i));
        QVERIFY(lowest >= before);
        QCOMPARE(rows.rowCount(), before + 200);
        lowest = 1 << 30;
        rows.growAnswer("a", answer += "more");
        rows.growAnswer("a", answer += " and more");
        QCOMPARE(lowest, before + 200);
    }

    void a_thought_keeps_its_object_and_folds_by_setting_unless_touched() {
        ChatTree tree;
        tree.append(question("q", ""));
        tree.append(reply("a", "q", MessageState::Streaming));
        ChatRowModel rows(makeMarkdownParser);
        QAbstractItemModelTester check(&rows);
        rows.setThoughtDefaults(true, false);
        rows.showPath(tree);
        rows.growThought("a", "Let me see.\n\nFirst", 5);
        QCOMPARE(rows.rowCount(), 2);
        ThoughtState* thought = rows.thought("a");
        QVERIFY(thought->open());
        QCOMPARE(thought->state(), ThoughtState::Thinking);
        QCOMPARE(thought->blocks()->rowCount(), 2);
        thought->setState(ThoughtState::Done);
        rows.settleFold("a");
        QVERIFY(!thought->open());
        QSignalSpy chosen(&rows, &ChatRowModel::foldChosen);
        thought->toggle();
        QVERIFY(thought->open());
        QCOMPARE(chosen.count(), 1);
        rows.setThoughtDefaults(false, false);
        QVERIFY2(thought->open(), "a manual choice sticks");
        rows.growAnswer("a", "Because.");
        QCOMPARE(rows.thought("a"), thought);
        QCOMPARE(rows.rowCount(), 3);
    }

    void switching_a_branch_keeps_the_rows_before_it() {
        ChatTree tree;
        tree.append(question("q", ""));
        tree.append(reply("a", "q", MessageState::Complete, "one"));
        tree.append(reply("b", "q", MessageState::Complete, "two\n\nthree"));
        ChatRowModel rows(makeMarkdownParser);
        QAbstractItemModelTester check(&rows);
        rows.showPath(tree);
        QCOMPARE(rows.rowCount(), 4);
        QCOMPARE(rows.data(rows.index(1), ChatRowModel::BranchIndexRole).toInt(), 2);
        QCOMPARE(rows.data(rows.index(1), ChatRowModel::BranchCountRole).toInt(), 2);
        QSignalSpy removed(&rows, &ChatRowModel::rowsRemoved);
        tree.select("a");
        rows.showPath(tree);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed[0][1].toInt(), 1);
        QCOMPARE(rows.rowCount(), 3);
        QCOMPARE(rows.data(rows.index(1), TextRole).toString(), "one");
    }

    void an_ended_reply_goes_on() {
        ChatTree tree;
        tree.append(question("q", ""));
        Message stopped = reply("a", "q", MessageState::Stopped, "It is be");
        tree.append(stopped);
        ChatRowModel rows(makeMarkdownParser);
        QAbstractItemModelTester check(&rows);
        rows.showPath(tree);
        QCOMPARE(rows.data(rows.index(2), ChatRowModel::RowKindRole).toInt(), int(ChatRowModel::ErrorNotice));
        QVERIFY(rows.data(rows.index(2), ChatRowModel::CanContinueRole).toBool());
        stopped.state = MessageState::Streaming;
        rows.resume(stopped);
        rows.growAnswer("a", "It is because.");
        QCOMPARE(rows.data(rows.index(1), TextRole).toString(), "It is because.");
        QCOMPARE(rows.rowCount(), 2);
        stopped.state = MessageState::Complete;
        rows.finish(stopped);
        QCOMPARE(rows.rowCount(), 3);
    }

    void a_thought_that_was_cut_goes_on() {
        ChatTree tree;
        tree.append(question("q", ""));
        Message cut = reply("a", "q", MessageState::Interrupted);
        cut.hasThought = true;
        cut.thoughtClosed = false;
        cut.thought = "Half a th";
        tree.append(cut);
        ChatRowModel rows(makeMarkdownParser);
        QAbstractItemModelTester check(&rows);
        rows.showPath(tree);
        ThoughtState* thought = rows.thought("a");
        QCOMPARE(thought->state(), ThoughtState::Interrupted);
        QVERIFY(thought->canContinue());
        cut.state = MessageState::Streaming;
        rows.resume(cut);
        rows.growThought("a", "Half a thought", 1);
        QCOMPARE(thought->state(), ThoughtState::Thinking);
        QCOMPARE(thought->blocks()->data(thought->blocks()->index(0), TextRole).toString(), "Half a thought");
    }
};

QTEST_GUILESS_MAIN(TestChatRows)
#include "test_chat_rows.moc"
