pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Where one goes: search, pages, conversations; at the foot, the device and its memory.
FocusScope {
    id: sidebar

    required property ConversationListModel conversations
    required property SystemInfo system
    required property int page
    property int modelCount: 0
    required property DocumentLibrary library
    property bool overlaid: false
    signal pageAsked(int page)
    signal hideAsked

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Sidebar")

    function focusSearch() {
        search.forceActiveFocus(Qt.ShortcutFocusReason);
        search.selectAll();
    }
    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.side
        Divider {
            vertical: true
            x: parent.width - 1
            height: parent.height
        }
    }
    Item {
        id: head
        width: parent.width - 1
        height: Theme.header
        Mark {
            x: Theme.px(18)
            anchors.verticalCenter: parent.verticalCenter
            side: 18
            Accessible.ignored: true
        }
        TextLine {
            x: Theme.px(46)
            anchors.verticalCenter: parent.verticalCenter
            text: "Pellucid"
            style: Theme.modelName
            weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        IconButton {
            x: parent.width - Theme.px(66)
            anchors.verticalCenter: parent.verticalCenter
            iconName: "panel"
            restColor: Theme.ink2
            text: qsTr("Hide sidebar")
            keys: "Ctrl+B"
            onClicked: sidebar.hideAsked()
        }
        IconButton {
            x: parent.width - Theme.px(38)
            anchors.verticalCenter: parent.verticalCenter
            iconName: "plus"
            restColor: Theme.ink
            text: qsTr("New chat")
            keys: "Ctrl+N"
            onClicked: sidebar.conversations.newChat()
        }
    }
    Column {
        id: top
        x: Theme.px(12)
        y: Theme.header + Theme.px(4)
        width: parent.width - Theme.px(24)
        Field {
            id: search
            width: parent.width
            quiet: true
            clearable: true
            iconName: "search"
            keys: "Ctrl+K"
            placeholderText: qsTr("Search chats")
            Accessible.role: Accessible.EditableText
            onTextEdited: sidebar.conversations.search(text)
            Keys.onEscapePressed: {
                clear();
                sidebar.conversations.search("");
            }
            Keys.onDownPressed: sidebar.focusList()
            onAccepted: sidebar.focusList()
        }
        Item { width: 1; height: Theme.px(12) }
        NavRow {
            width: parent.width
            iconName: "chat"
            text: qsTr("Chats")
            chosen: sidebar.page === Shell.Chat
            filled: false
            onClicked: sidebar.pageAsked(Shell.Chat)
        }
        NavRow {
            visible: sidebar.library.available
            width: parent.width
            iconName: "doc"
            text: qsTr("Documents")
            count: sidebar.library.count > 0 ? Number(sidebar.library.count).toLocaleString(Qt.locale(), "f", 0) : ""
            chosen: sidebar.page === Shell.Documents
            onClicked: sidebar.pageAsked(Shell.Documents)
        }
        NavRow {
            width: parent.width
            iconName: "model"
            text: qsTr("Models")
            count: sidebar.modelCount > 0 ? String(sidebar.modelCount) : ""
            chosen: sidebar.page === Shell.Models
            keys: "Ctrl+M"
            onClicked: sidebar.pageAsked(Shell.Models)
        }
    }
    ConversationList {
        id: list
        conversations: sidebar.conversations
        x: Theme.px(12) - ring
        y: top.y + top.height + (resultLine.visible ? Theme.px(40) : 0)
        width: parent.width - 2 * x
        height: parent.height - y - foot.height
    }
    TextLine {
        id: resultLine
        visible: sidebar.conversations.searching
        x: Theme.px(22)
        y: top.y + top.height + Theme.px(18)
        text: sidebar.conversations.resultText
        style: Theme.caption
        weight: Font.Medium
        color: Theme.ink3
    }
    Prose {
        visible: sidebar.conversations.ready && sidebar.conversations.count === 0 && !sidebar.conversations.searching
        x: Theme.px(22)
        y: list.y + Theme.px(18)
        width: parent.width - Theme.px(44)
        text: qsTr("Your chats will be listed here.")
        style: Theme.label
        color: Theme.ink3
    }
    SidebarFoot {
        id: foot
        x: Theme.px(12)
        y: parent.height - height
        width: parent.width - Theme.px(24)
        system: sidebar.system
        chosen: sidebar.page === Shell.Settings
        onSettingsAsked: sidebar.pageAsked(Shell.Settings)
    }
}
