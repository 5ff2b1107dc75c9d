// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The rows of a conversation, virtualised. It follows its end while something streams, until the person scrolls up:
// from then on it stands still, and the "Latest" pill leads back.
FocusScope {
    id: view

    required property ChatController chat
    required property SettingsBackend settings
    required property DocumentViewer viewer
    signal whyAsked(messageId: string)
    property int columnWidth: Theme.contentColumn
    property int textWidth: Theme.textColumn
    property real bottomSpace: 0
    property bool following: settings.autoScroll
    readonly property bool away: !following && !list.atYEnd && list.contentHeight > list.height
    property alias list: list
    property string wanted: ""   // a message to show as soon as its chat has been read

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Conversation")

    function toEnd() {
        following = settings.autoScroll;
        list.positionViewAtEnd();
    }
    // The end has moved on a little. positionViewAtEnd() would do, but where the last row is not made yet it jumps to
    // where that may be, lets go of every row in sight and makes them again.
    function follow() {
        const end = Math.max(list.originY, list.originY + list.contentHeight - list.height);
        if (end - list.contentY > list.height) {
            list.positionViewAtEnd();
        } else {
            list.contentY = end;
        }
    }
    function showMessage(messageId: string) {
        const row = messageId === "" ? -1 : chat.rows.rowOfMessage(messageId);
        wanted = row < 0 ? messageId : "";
        if (row >= 0) {
            following = false;
            list.positionViewAtIndex(row, ListView.Beginning);
        }
    }
    function editMessage(messageId: string) {
        const row = messageId === "" ? -1 : chat.rows.rowOfMessage(messageId);
        if (row >= 0) {
            list.positionViewAtIndex(row, ListView.Contain);
            (list.itemAtIndex(row) as ChatRow)?.beginEdit();
        }
    }
    function page(by: real) {
        const top = list.originY;
        const end = Math.max(top, list.originY + list.contentHeight - list.height);
        list.contentY = Math.max(top, Math.min(end, list.contentY + by));
        following = settings.autoScroll && list.contentY >= end - 2;
    }

    ListView {
        id: list
        objectName: "chatRows"
        anchors.fill: parent
        model: view.chat.rows
        activeFocusOnTab: true
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: false
        reuseItems: false
        cacheBuffer: 600
        clip: true
        currentIndex: -1
        flickDeceleration: 8000
        maximumFlickVelocity: 6000
        header: Item { width: 1; height: Theme.px(24) }
        footer: Item { width: 1; height: view.bottomSpace }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages")
        Accessible.focusable: true

        T.ScrollBar.vertical: ScrollThumb { id: bar }

        // A person's move decides: upwards stops the following, reaching the end starts it again.
        onContentYChanged: if (moving || bar.pressed) view.following = atYEnd && view.settings.autoScroll
        onMovementStarted: view.following = false
        onMovementEnded: view.following = atYEnd && view.settings.autoScroll
        onContentHeightChanged: if (view.following && !moving) toEndLater.start()
        onCountChanged: if (view.wanted !== "") view.showMessage(view.wanted)
        onHeightChanged: if (view.following) toEndLater.start()
        onModelChanged: {
            view.following = view.settings.autoScroll;
            openAtEnd.restart();
        }
        Keys.onUpPressed: view.page(-Theme.px(60))
        Keys.onDownPressed: view.page(Theme.px(60))
        Keys.onPressed: event => {
            switch (event.key) {
            case Qt.Key_PageUp: view.page(-height * 0.85); break;
            case Qt.Key_PageDown: view.page(height * 0.85); break;
            case Qt.Key_Home: view.page(-1e9); break;
            case Qt.Key_End: view.toEnd(); break;
            default: return;
            }
            event.accepted = true;
        }

        delegate: ChatRow {
            width: ListView.view.width
            chat: view.chat
            settings: view.settings
            viewer: view.viewer
            onWhyAsked: messageId => view.whyAsked(messageId)
            columnWidth: view.columnWidth
            textWidth: view.textWidth
        }
    }
    // Around what is seen, not around all rows; a field inside a row has a mark of its own.
    FocusRing {
        shown: view.Window.activeFocusItem === list
        radiusInside: 0
        anchors.margins: 2
        anchors.bottomMargin: view.bottomSpace - Theme.px(16)
    }
    // Once per frame at most, after the rows have their heights.
    Timer {
        id: toEndLater
        interval: 0
        onTriggered: if (view.following && !list.moving) view.follow()
    }
    // A chat that is opened shows its end, whatever the setting says about following.
    Timer {
        id: openAtEnd
        interval: 0
        onTriggered: if (view.wanted === "") list.positionViewAtEnd()
    }
    PushButton {
        visible: view.away
        x: Math.round((parent.width + view.columnWidth) / 2 - width)
        y: parent.height - view.bottomSpace - height + Theme.px(12)
        size: 28
        trailingIcon: "down"
        text: qsTr("Latest")
        onClicked: view.toEnd()
    }
}
