import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// Where one writes: Enter and Shift+Enter, the send button's states, Esc, Up, growing.
ViewCase {
    id: test
    name: "Composer"

    Component {
        id: page
        ChatPage { anchors.fill: parent; focus: true }
    }

    function start(replies: var): Item {
        open(page, replies);
        view.focusComposer();
        return findChild(view, "composerText");
    }

    function test_enter_sends() {
        const text = start([{ answer: "One." }]);
        tryVerify(() => text.activeFocus);
        typeText("hello");
        compare(app.chat.draft, "hello");
        keyClick(Qt.Key_Return);
        finish();
        compare(app.chat.draft, "");
        compare(text.text, "");
        compare(app.chat.questionText(app.chat.lastQuestionId()), "hello");
    }
    function test_shift_enter_breaks_the_line() {
        const text = start([{ answer: "One." }]);
        const low = view.composer.height;
        typeText("a");
        keyClick(Qt.Key_Return, Qt.ShiftModifier);
        typeText("b");
        compare(app.chat.draft, "a\nb");
        verify(app.chat.empty);
        tryCompare(view.composer, "height", low + Theme.px(Theme.body.line));
        compare(text.contentHeight, 2 * Theme.px(Theme.body.line));
    }
    function test_enter_on_nothing_does_nothing() {
        start([{ answer: "One." }]);
        keyClick(Qt.Key_Return);
        typeText("   ");
        keyClick(Qt.Key_Return);
        verify(app.chat.empty);
        verify(!app.chat.busy);
    }
    function test_send_becomes_stop() {
        start([{ answer: "word ".repeat(300), speed: 50 }]);
        const send = waitFor("Send");
        verify(!send.enabled);
        typeText("x");
        tryVerify(() => send.enabled);
        mouseClick(send);
        drive(() => app.chat.state === ChatController.Answering, "it answers");
        compare(waitFor("Stop"), send);
        mouseClick(send);
        tryVerify(() => !app.chat.busy, 20000);
        compare(waitFor("Send"), send);
    }
    function test_escape_stops() {
        start([{ answer: "word ".repeat(300), speed: 50 }]);
        typeText("x");
        keyClick(Qt.Key_Return);
        drive(() => app.chat.state === ChatController.Answering, "it answers");
        keyClick(Qt.Key_Escape);
        tryVerify(() => !app.chat.busy, 20000);
    }
    function test_up_edits_the_last_question() {
        start([{ answer: "One." }, { answer: "Two." }]);
        ask("Old");
        view.focusComposer();
        keyClick(Qt.Key_Up);
        const editor = waitFor("Edit the question");
        tryVerify(() => editor.activeFocus);
        compare(editor.text, "Old");
    }
    function test_undo_outlives_the_line_height() {
        const text = start([{ answer: "One." }]);
        typeText("abc");
        keyClick(Qt.Key_Return, Qt.ShiftModifier);
        typeText("d");
        verify(text.canUndo);
        text.undo();
        verify(text.text.length < 5);
    }
    function test_a_suggestion_becomes_the_draft() {
        start([{ answer: "One." }]);
        click("Find the mistake in a calculation");
        tryCompare(app.chat, "draft", "Find the mistake in a calculation");
        tryVerify(() => called("Send").enabled);
    }
    function test_what_does_not_fit_is_said_before_sending() {
        start([{ answer: "One." }]);
        app.chat.draft = "word ".repeat(70000);
        tryVerify(() => app.chat.overflow, 20000);
        const back = waitFor("Back to the text");
        mouseClick(back);
        tryVerify(() => !app.chat.overflow);
        waitGone("Back to the text");
    }
}
