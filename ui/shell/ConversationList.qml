// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The sidebar's list. One Tab stop: Up and Down move, Enter opens, F2 renames, Delete deletes (a toast can undo).
ListView {
    id: list

    required property ConversationListModel conversations

    model: conversations
    clip: true
    activeFocusOnTab: true
    keyNavigationEnabled: true
    boundsBehavior: Flickable.StopAtBounds
    currentIndex: -1
    highlightFollowsCurrentItem: true
    highlightMoveDuration: 0
    reuseItems: false
    section.property: "section"
    section.delegate: SectionHead {
        x: list.ring
        width: list.width - 2 * list.ring
    }
    bottomMargin: Theme.px(8)
    Accessible.role: Accessible.List
    Accessible.name: conversations.searching ? qsTr("Search results") : qsTr("Chats")
    T.ScrollBar.vertical: ScrollThumb {}

    onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0) currentIndex = Math.max(0, conversations.currentRow)
    Keys.onReturnPressed: withCurrent(row => row.openIt())
    Keys.onEnterPressed: withCurrent(row => row.openIt())
    Keys.onMenuPressed: withCurrent(row => row.openMenu())
    Keys.onDeletePressed: withCurrent(row => list.conversations.remove(row.conversationId))
    Keys.onPressed: event => {
        if (event.key === Qt.Key_F2) {
            withCurrent(row => row.beginRename());
            event.accepted = true;
        } else if (event.key === Qt.Key_F10 && (event.modifiers & Qt.ShiftModifier)) {
            withCurrent(row => row.openMenu());
            event.accepted = true;
        }
    }

    // The list is wider than its rows by the focus ring, which its clip must not cut.
    readonly property int ring: 4
    delegate: ConversationRow {
        x: list.ring
        width: list.width - 2 * list.ring
        conversations: list.conversations
    }

    function withCurrent(act: var) {
        const row = currentItem as ConversationRow;
        if (row) {
            act(row);
        }
    }
}
