pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// What can be done with a conversation from the sidebar.
PopupMenu {
    id: menu

    required property ConversationListModel conversations
    required property string conversationId
    required property bool pinned
    required property string folder
    signal renameAsked

    alignEnd: true
    MenuRow {
        text: qsTr("Rename")
        detail: "F2"
        onTriggered: menu.renameAsked()
    }
    MenuRow {
        text: menu.pinned ? qsTr("Unpin") : qsTr("Pin")
        onTriggered: menu.conversations.setPinned(menu.conversationId, !menu.pinned)
    }
    MenuRow {
        text: menu.folder === "" ? qsTr("Put in a folder…") : qsTr("Move to another folder…")
        onTriggered: folderDialog.open()
    }
    MenuRow {
        visible: menu.folder !== ""
        text: qsTr("Take out of “%1”").arg(menu.folder)
        onTriggered: menu.conversations.moveToFolder(menu.conversationId, "")
    }
    MenuRow {
        text: qsTr("Delete")
        detail: qsTr("Del")
        danger: true
        onTriggered: menu.conversations.remove(menu.conversationId)
    }
    FolderDialog {
        id: folderDialog
        conversations: menu.conversations
        onPicked: name => menu.conversations.moveToFolder(menu.conversationId, name)
    }
}
