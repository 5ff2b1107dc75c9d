import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// Under an answer and beside a question: copy, ask again, edit, versions, fork, statistics, delete with undo.
ViewCase {
    id: test
    name: "MessageActions"

    Component {
        id: page
        ChatPage { anchors.fill: parent; focus: true }
    }

    function start() {
        open(page, [{ thought: "Hm.", answer: "First.", speed: 40 }, { thought: "So.", answer: "Second." }, { answer: "Third." }]);
        ask("Question?");
        waitFor("Copy answer");
    }
    function copied(): string {
        app.chat.copyAnswer(app.chat.lastAnswerId());
        return bench.clipboard();
    }

    function test_copy_leaves_the_thought_out() {
        start();
        click("Copy answer");
        compare(bench.clipboard(), "First.");
        waitFor("Copied");
        waitFor("Copy answer");
    }
    function test_answer_again_makes_a_version() {
        start();
        verify(called("Earlier version") === null);
        click("Answer again");
        finish();
        compare(copied(), "Second.");
        waitFor("Version 2 of 2");
        click("Earlier version");
        tryVerify(() => copied() === "First.");
        waitFor("Version 1 of 2");
        click("Later version");
        tryVerify(() => copied() === "Second.");
    }
    function test_editing_a_question_makes_a_version() {
        start();
        const edit = waitFor("Edit and ask again");
        edit.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
        const editor = waitFor("Edit the question");
        tryVerify(() => editor.activeFocus);
        keyClick(Qt.Key_A, Qt.ControlModifier);
        typeText("Other?");
        keyClick(Qt.Key_Return);
        finish();
        compare(app.chat.questionText(app.chat.lastQuestionId()), "Other?");
        waitFor("Version 2 of 2");
        click("Earlier version");
        tryVerify(() => app.chat.questionText(app.chat.lastQuestionId()) === "Question?");
    }
    function test_escape_leaves_the_question() {
        start();
        waitFor("Edit and ask again").forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
        const editor = waitFor("Edit the question");
        tryVerify(() => editor.activeFocus);
        typeText("zzz");
        keyClick(Qt.Key_Escape);
        waitGone("Edit the question");
        compare(app.chat.questionText(app.chat.lastQuestionId()), "Question?");
        verify(!app.chat.busy);
    }
    function test_fork_opens_a_copy() {
        start();
        const before = app.chat.conversationId;
        click("Continue in a new chat");
        tryVerify(() => app.chat.conversationId !== before);
        compare(app.conversations.count, 2);
    }
    function test_statistics_in_full() {
        start();
        app.settings.showStatistics = true;
        waitFor("Speed");
        app.settings.showStatistics = false;
        waitGone("Speed");
    }
    function test_delete_and_undo() {
        start();
        const rows = app.chat.rows.rowCount();
        app.chat.deleteMessage(app.chat.lastAnswerId());
        tryVerify(() => app.chat.rows.rowCount() < rows);
        app.toasts.act();
        tryVerify(() => app.chat.rows.rowCount() === rows);
    }
}
