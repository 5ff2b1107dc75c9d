pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Words looked for in the open document: how many places, and from one to the next.
FocusScope {
    id: finder

    required property DocumentViewer viewer
    signal closed

    function focusField() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    implicitHeight: Theme.px(48)
    onVisibleChanged: if (!visible) field.clear()

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    Field {
        id: field
        x: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.max(Theme.px(80), Math.min(Theme.px(280), tools.x - x - Theme.px(8)))
        quiet: true
        iconName: "search"
        placeholderText: qsTr("Search the document")
        onTextEdited: later.restart()
        onAccepted: {
            later.stop();
            finder.viewer.query === text.trim() ? finder.viewer.stepFound(1) : finder.viewer.find(text);
        }
        Keys.onEscapePressed: finder.closed()
    }
    Timer {
        id: later
        interval: 250
        onTriggered: finder.viewer.find(field.text)
    }
    Row {
        id: tools
        x: parent.width - width - Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(2)
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            text: finder.viewer.foundText
            style: Theme.label
            figures: true
            color: Theme.ink3
        }
        IconButton {
            iconName: "up"
            restColor: Theme.ink2
            text: qsTr("Previous place")
            enabled: finder.viewer.foundCount > 0
            why: qsTr("Nothing found")
            onClicked: finder.viewer.stepFound(-1)
        }
        IconButton {
            iconName: "down"
            restColor: Theme.ink2
            text: qsTr("Next place")
            enabled: finder.viewer.foundCount > 0
            why: qsTr("Nothing found")
            onClicked: finder.viewer.stepFound(1)
        }
        IconButton {
            iconName: "x"
            restColor: Theme.ink2
            text: qsTr("End the search")
            keys: "Esc"
            onClicked: finder.closed()
        }
    }
    Divider {
        y: finder.height - 1
        width: parent.width
    }
}
