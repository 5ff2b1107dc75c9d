import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// The conversations: search, rename in place, pin, folders, delete with undo.
ViewCase {
    id: test
    name: "Sidebar"

    Component {
        id: sidebar
        Sidebar {
            required property AppContext app
            width: 264
            height: 700
            focus: true
            conversations: app.conversations
            system: app.system
            library: app.library
            page: 0
        }
    }

    function start() {
        open(sidebar, [{ answer: "Blue sky." }, { answer: "Green grass." }]);
        ask("Alpha question");
        app.conversations.newChat();
        tryVerify(() => app.chat.empty);
        ask("Beta question");
        tryCompare(app.conversations, "count", 2);
        waitFor("Alpha question");
        waitFor("Beta question");
    }
    function sectionOf(title: string): string {
        for (let row = 0; row < app.conversations.count; ++row) {
            if (bench.value(app.conversations, row, "title") === title) {
                return bench.value(app.conversations, row, "section");
            }
        }
        return "";
    }
    function menuOf(title: string) {
        waitFor(title).openMenu();
        waitFor("Rename");
    }

    function test_search_as_you_type() {
        start();
        const field = waitFor("Search chats");
        click("Search chats");
        tryVerify(() => field.activeFocus);
        typeText("beta");
        compare(field.text, "beta");
        tryCompare(app.conversations, "searching", true);
        tryCompare(app.conversations, "count", 1, 20000);
        waitGone("Alpha question");
        waitFor("Beta question");
        keyClick(Qt.Key_Escape);
        tryCompare(app.conversations, "count", 2);
        waitFor("Alpha question");
        compare(field.text, "");
    }
    function test_nothing_found_is_said() {
        start();
        click("Search chats");
        tryVerify(() => called("Search chats").activeFocus);
        typeText("zzz");
        tryVerify(() => app.conversations.searching && app.conversations.count === 0, 20000);
        waitFor("Nothing found");
        click("Clear");
        tryCompare(app.conversations, "count", 2);
    }
    function test_rename_in_place() {
        start();
        menuOf("Alpha question");
        click("Rename");
        const field = waitFor("Name of the chat");
        tryVerify(() => field.activeFocus);
        typeText("Renamed");
        keyClick(Qt.Key_Return);
        waitFor("Renamed");
        waitGone("Alpha question");
    }
    function test_escape_keeps_the_name() {
        start();
        waitFor("Alpha question").beginRename();
        const field = waitFor("Name of the chat");
        tryVerify(() => field.activeFocus);
        typeText("zzz");
        keyClick(Qt.Key_Escape);
        waitGone("Name of the chat");
        waitFor("Alpha question");
    }
    function test_pin_and_unpin() {
        start();
        menuOf("Alpha question");
        click("Pin");
        tryVerify(() => sectionOf("Alpha question") === "Pinned");
        waitGone("Unpin");
        menuOf("Alpha question");
        click("Unpin");
        tryVerify(() => sectionOf("Alpha question") !== "Pinned");
    }
    function test_folders() {
        start();
        menuOf("Alpha question");
        click("Put in a folder…");
        const field = waitFor("Folder name");
        tryVerify(() => field.activeFocus);
        typeText("Work");
        keyClick(Qt.Key_Return);
        tryVerify(() => sectionOf("Alpha question") === "Work");
        waitGone("Folder name");
        menuOf("Alpha question");
        click("Take out of “Work”");
        tryVerify(() => sectionOf("Alpha question") !== "Work");
    }
    function test_delete_and_undo() {
        start();
        menuOf("Alpha question");
        click("Delete");
        tryCompare(app.conversations, "count", 1);
        waitGone("Alpha question");
        tryVerify(() => app.toasts.visible);
        app.toasts.act();
        tryCompare(app.conversations, "count", 2);
        waitFor("Alpha question");
    }
    function test_a_row_opens_its_chat() {
        start();
        compare(app.chat.title, "Beta question");
        click("Alpha question");
        tryCompare(app.chat, "title", "Alpha question");
    }
}
