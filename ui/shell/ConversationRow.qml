// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// A conversation, or a search hit with its second line, in the sidebar. Renamed in place; its menu opens by the more
// button, the right mouse button or the menu key.
T.ItemDelegate {
    id: row

    required property int index
    required property string conversationId
    required property string title
    required property string timeText
    required property bool pinned
    required property bool generating
    required property bool current
    required property string folder
    required property string snippetHtml
    required property string hitMessageId
    required property ConversationListModel conversations
    readonly property bool hit: snippetHtml !== ""
    readonly property bool keyboardHere: ListView.view !== null && (ListView.view as ListView).activeFocus && ListView.isCurrentItem
    property bool renaming: false

    implicitHeight: Theme.px(hit ? 58 : 32)
    hoverEnabled: true
    focusPolicy: Qt.NoFocus
    Accessible.role: Accessible.ListItem
    Accessible.onPressAction: row.clicked()
    Accessible.name: generating ? qsTr("%1, answering").arg(title) : title
    Accessible.selected: current
    Accessible.focusable: true
    onClicked: openIt()

    function openIt() {
        if (hit) {
            conversations.openHit(conversationId, hitMessageId);
        } else {
            conversations.open(conversationId);
        }
    }
    function beginRename() {
        // A list without a current row takes the open chat's when it gets the focus, and would take the keys away again.
        if (ListView.view) {
            (ListView.view as ListView).currentIndex = index;
        }
        renaming = true;
    }
    function endRename(keep: bool, name: string) {
        if (!renaming) {
            return;
        }
        renaming = false;
        if (keep && name.trim() !== "" && name !== title) {
            conversations.rename(conversationId, name.trim());
        }
        if (ListView.view) {
            ListView.view.forceActiveFocus();
        }
    }
    function openMenu() {
        menu.active = true;
        (menu.item as T.Popup).open();
    }

    background: Rectangle {
        radius: Theme.px(6)
        color: row.current || row.down ? Theme.fillHover : row.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        FocusRing {
            shown: row.keyboardHere && !row.renaming
            radiusInside: Theme.px(6)
            anchors.margins: -2
        }
    }
    contentItem: Item {
        TextLine {
            x: Theme.px(10)
            y: Theme.px(6)
            width: parent.width - x - (row.renaming ? 0 : trailing.width) - Theme.px(trailing.width > 0 ? 6 : 10)
            visible: !row.renaming
            text: row.title
            weight: row.current ? Font.Medium : Font.Normal
            color: row.current ? Theme.ink : Theme.ink2
            Accessible.ignored: true
        }
        TextLine {
            x: Theme.px(10)
            y: Theme.px(31)
            width: parent.width - Theme.px(20)
            visible: row.hit
            // The words asked for stand out in ink, not only in weight.
            text: row.snippetHtml.replace(/<b>/g, "<b><font color=\"" + Theme.ink + "\">").replace(/<\/b>/g, "</font></b>")
            textFormat: Text.StyledText
            style: Theme.label
            color: Theme.ink3
            Accessible.ignored: true
        }
        Item {
            id: trailing
            x: parent.width - width - Theme.px(4)
            y: Theme.px(2)
            width: more.visible ? more.width : row.hit ? 0 : row.generating ? Theme.px(18)
                 : time.text === "" ? 0 : time.implicitWidth + Theme.px(12)
            height: Theme.px(28)
            TextLine {
                id: time
                visible: !more.visible && !row.generating && !row.renaming && !row.hit
                x: parent.width - width - Theme.px(6)
                anchors.verticalCenter: parent.verticalCenter
                text: row.pinned ? "" : row.timeText
                style: Theme.caption
                figures: true
                color: Theme.ink3
                Accessible.ignored: true
            }
            Rectangle {
                visible: row.generating && !more.visible
                x: parent.width - width - Theme.px(6)
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.px(6)
                height: width
                radius: width / 2
                color: Theme.accent
            }
            IconButton {
                id: more
                visible: !row.renaming && (row.hovered || (menu.item as T.Popup)?.visible === true)
                focusPolicy: Qt.NoFocus
                iconName: "more"
                text: qsTr("Actions for %1").arg(row.title)
                onClicked: row.openMenu()
            }
        }
        Loader {
            active: row.renaming
            x: Theme.px(2)
            width: parent.width - Theme.px(4)
            height: Theme.px(32)
            sourceComponent: Field {
                name: qsTr("Name of the chat")
                leftPadding: Theme.px(8)
                text: row.title
                Component.onCompleted: {
                    forceActiveFocus(Qt.OtherFocusReason);
                    selectAll();
                }
                onAccepted: row.endRename(true, text)
                onActiveFocusChanged: if (!activeFocus) row.endRename(true, text)
                Keys.onEscapePressed: row.endRename(false, "")
            }
        }
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: row.openMenu()
    }
    Loader {
        id: menu
        active: false
        anchors.fill: parent
        sourceComponent: ConversationMenu {
            conversations: row.conversations
            conversationId: row.conversationId
            pinned: row.pinned
            folder: row.folder
            onRenameAsked: row.beginRename()
        }
    }
}
