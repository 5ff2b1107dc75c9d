import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// The thought's block: live and open, folded when the answer starts, by the setting, and as the person left it.
ViewCase {
    id: test
    name: "Thought"

    readonly property string words: "word ".repeat(200)
    readonly property var script: [{ thought: words, answer: "The answer. ".repeat(40), speed: 50 },
                                   { thought: "Again.", answer: "Second." }]

    Component {
        id: page
        ChatPage { anchors.fill: parent; focus: true }
    }

    function think() {
        open(page, script);
        verify(app.chat.sendText("Why?"));
        drive(() => app.chat.state === ChatController.Thinking && thought() !== null && thought().tokens > 5, "it thinks");
    }
    function thought(): ThoughtState {
        return app.chat.rows.rowCount() > 1 ? value(1, "thought") : null;
    }

    function test_live_it_is_open_with_its_numbers() {
        think();
        verify(thought().open);
        verify(thought().live);
        waitFor("Thinking. Fold");
        waitFor("Answer now");
        verify(thought().tokensText.includes("tokens"));
    }
    function test_it_folds_when_the_answer_starts() {
        think();
        drive(() => app.chat.state === ChatController.Answering, "it answers");
        tryVerify(() => !thought().open);
        waitGone("Answer now");
        finish();
    }
    function test_always_open() {
        open(page, script);
        app.settings.thoughtDisplay = SettingsBackend.AlwaysOpen;
        ask("Why?");
        tryVerify(() => thought().open);
        waitFor("Copy thought");
    }
    function test_always_closed() {
        open(page, script);
        app.settings.thoughtDisplay = SettingsBackend.AlwaysClosed;
        verify(app.chat.sendText("Why?"));
        drive(() => app.chat.state === ChatController.Thinking && thought() !== null, "it thinks");
        verify(!thought().open);
        waitFor("Thinking. Unfold");
        finish();
        verify(!thought().open);
    }
    function test_a_manual_choice_is_kept() {
        think();
        const header = waitFor("Thinking. Fold");
        mouseClick(header);
        tryVerify(() => !thought().open);
        mouseClick(waitFor("Thinking. Unfold"));
        tryVerify(() => thought().open);
        finish();
        // The answer has started and ended: what the person unfolded stays so, whatever the setting says.
        verify(thought().open);
        app.settings.thoughtDisplay = SettingsBackend.AlwaysClosed;
        verify(thought().open);
    }
    function body(): Item {
        const text = waitFor("Text of the thought");
        tryVerify(() => text.contentHeight > text.height);
        return text;
    }
    function test_when_it_ends_its_last_words_are_seen() {
        open(page, script);
        app.settings.thoughtDisplay = SettingsBackend.AlwaysOpen;
        ask("Why?");
        const text = body();
        tryVerify(() => text.atYEnd);
        tryVerify(() => text.contentY > text.originY);
    }
    function test_unfolded_later_it_begins_at_its_beginning() {
        open(page, script);
        app.settings.thoughtDisplay = SettingsBackend.AlwaysClosed;
        ask("Why?");
        tryVerify(() => thought() !== null && !thought().open);
        thought().toggle();
        const text = body();
        tryCompare(text, "contentY", text.originY);
        verify(!text.atYEnd);
    }
    function test_pause_and_resume() {
        think();
        click("Pause");
        tryCompare(app.chat, "state", ChatController.Paused);
        waitFor("Paused. Fold");
        click("Resume");
        tryVerify(() => app.chat.state !== ChatController.Paused);
        finish();
    }
    function test_answer_now() {
        think();
        click("Answer now");
        finish();
        compare(thought().state, ThoughtState.AnsweredEarly);
        verify(thought().tokens < 200);
    }
    function test_stopped_it_can_go_on() {
        think();
        app.chat.stop();
        tryVerify(() => !app.chat.busy, 20000);
        waitFor("Answer from here");
        click("Continue thinking");
        finish();
        compare(thought().state, ThoughtState.Done);
    }
}
