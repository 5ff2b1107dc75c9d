// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// A row of the documents page: a collection's head, a folder that it follows, or a document with how it was read.
FocusScope {
    id: row

    required property int index
    required property int kind
    required property string rowId
    required property string name
    required property string facts
    required property string condition
    required property string status
    required property string hint
    required property real share
    required property string path
    required property DocumentLibrary library
    property bool narrow: false
    readonly property bool head: kind === DocumentListModel.Collection
    readonly property bool folder: kind === DocumentListModel.Folder
    readonly property bool document: kind === DocumentListModel.Document
    readonly property bool openable: document && condition !== "failed" && condition !== "waiting" && condition !== "reading"
    readonly property bool troubled: condition === "failed" || condition === "scanned" || condition === "away"
    readonly property color statusColor: condition === "failed" ? Theme.bad : condition === "scanned" || condition === "away" ? Theme.warn
                                       : condition === "ready" ? Theme.ok : Theme.ink3
    readonly property string statusIcon: condition === "failed" || condition === "scanned" || condition === "away" ? "warn"
                                       : condition === "ready" ? "check" : ""
    readonly property int textX: Theme.px(head ? 0 : 36)
    readonly property int room: width - textX - tools.width - Theme.px(20)
    signal openAsked
    signal filesAsked
    signal folderAsked
    signal renameAsked
    signal removeAsked
    signal chatAsked

    implicitHeight: head ? Theme.px(index === 0 ? 40 : 56) : lines.height + Theme.px(20)
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, facts, status].filter(part => part !== "").join(", ")
    Accessible.description: hint
    Keys.onDeletePressed: if (document) removeAsked()
    onActiveFocusChanged: if (activeFocus && ListView.view) ListView.view.positionViewAtIndex(index, ListView.Contain)

    T.AbstractButton {
        id: opener
        visible: row.openable
        anchors.fill: parent
        focus: true
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        Accessible.name: qsTr("Open %1").arg(row.name)
        Accessible.onPressAction: clicked()   // Qt 6.4 lists Press for every button and does nothing
        Keys.onReturnPressed: clicked()
        Keys.onEnterPressed: clicked()
        onClicked: row.openAsked()
        background: Rectangle {
            radius: Theme.px(8)
            color: opener.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
            FocusRing {
                shown: opener.visualFocus
                radiusInside: Theme.px(8)
                anchors.margins: -2
            }
        }
    }
    Item {
        anchors.fill: parent
        Icon {
            visible: !row.head
            x: Theme.px(10)
            y: Theme.px(12)
            name: row.folder ? "folder" : "doc"
            size: Theme.px(16)
            color: row.condition === "away" ? Theme.ink3 : Theme.ink2
        }
        TextLine {
            id: title
            visible: row.head
            y: row.height - height - Theme.px(8)
            width: Math.min(implicitWidth, row.room - Theme.px(100))
            text: row.name
            weight: Font.DemiBold
            Accessible.ignored: true
        }
        TextLine {
            visible: row.head
            x: title.width + Theme.px(10)
            y: title.y + Theme.px(2)
            text: row.facts
            style: Theme.label
            figures: true
            color: Theme.ink3
            Accessible.ignored: true
        }
        Column {
            id: lines
            visible: !row.head
            x: row.textX
            y: Theme.px(10)
            width: row.room
            TextLine {
                objectName: "documentName"
                width: Math.min(implicitWidth, row.room)
                text: row.name
                elide: Text.ElideMiddle
                weight: row.document ? Font.Medium : Font.Normal
                color: row.condition === "away" ? Theme.ink2 : Theme.ink
                Accessible.ignored: true
            }
            Flow {
                width: parent.width
                spacing: Theme.px(10)
                Prose {
                    visible: row.facts !== ""
                    width: Math.min(implicitWidth, row.room)
                    text: row.facts
                    style: Theme.label
                    color: Theme.ink3
                    Accessible.ignored: true
                }
                Row {
                    visible: row.status !== ""
                    spacing: Theme.px(4)
                    Icon {
                        visible: row.statusIcon !== ""
                        y: Theme.px(1)
                        name: row.statusIcon
                        size: Theme.px(14)
                        color: row.statusColor
                    }
                    Prose {
                        width: Math.min(implicitWidth, row.room - Theme.px(18))
                        text: row.status
                        style: Theme.label
                        color: row.troubled ? row.statusColor : Theme.ink3
                        Accessible.ignored: true
                    }
                }
            }
            Prose {
                visible: row.hint !== ""
                width: parent.width
                text: row.hint
                style: Theme.label
                color: Theme.ink2
                Accessible.ignored: true
            }
            Item {
                visible: row.condition === "reading"
                width: parent.width
                height: Theme.px(10)
                Rectangle {
                    y: Theme.px(6)
                    width: parent.width
                    height: Theme.px(4)
                    radius: 2
                    color: Theme.barEmpty
                    Rectangle {
                        width: Math.round(parent.width * row.share)
                        height: parent.height
                        radius: 2
                        color: Theme.accent
                    }
                }
            }
        }
    }
    Row {
        id: tools
        x: row.width - width - Theme.px(row.head ? 0 : 8)
        y: row.head ? row.height - height - Theme.px(4) : Theme.px(8)
        spacing: Theme.px(2)
        PushButton {
            visible: row.library.canRecognise && row.condition === "scanned" && !row.narrow
            size: 28
            text: qsTr("Recognise")
            Accessible.name: qsTr("Recognise the text of %1").arg(row.name)
            onClicked: row.library.recognise(row.rowId)
        }
        PushButton {
            visible: row.document && row.condition === "failed" && !row.narrow
            kind: PushButton.Ghost
            size: 28
            text: qsTr("Retry")
            Accessible.name: qsTr("Read %1 again").arg(row.name)
            onClicked: row.library.retry(row.rowId)
        }
        PushButton {
            visible: row.head && !row.narrow
            kind: PushButton.Ghost
            size: 28
            iconName: "chat"
            text: qsTr("Ask")
            Accessible.name: qsTr("Ask %1").arg(row.name)
            onClicked: row.chatAsked()
        }
        IconButton {
            iconName: "more"
            restColor: Theme.ink2
            text: qsTr("Actions for %1").arg(row.name)
            onClicked: menu.toggle()
            PopupMenu {
                id: menu
                alignEnd: true
                MenuRow {
                    visible: row.head
                    iconName: "chat"
                    text: qsTr("Ask these documents")
                    onTriggered: row.chatAsked()
                }
                MenuRow {
                    visible: row.head
                    iconName: "doc"
                    text: qsTr("Add files")
                    onTriggered: row.filesAsked()
                }
                MenuRow {
                    visible: row.head
                    iconName: "folder"
                    text: qsTr("Add folder")
                    onTriggered: row.folderAsked()
                }
                MenuRow {
                    visible: row.head
                    iconName: "edit"
                    text: qsTr("Rename")
                    onTriggered: row.renameAsked()
                }
                MenuRow {
                    visible: row.library.canRecognise && row.condition === "scanned"
                    text: qsTr("Recognise text")
                    onTriggered: row.library.recognise(row.rowId)
                }
                MenuRow {
                    visible: row.document && row.condition !== "reading"
                    text: qsTr("Read again")
                    onTriggered: row.library.retry(row.rowId)
                }
                MenuRow {
                    danger: true
                    text: row.folder ? qsTr("Stop following") : qsTr("Remove")
                    onTriggered: row.removeAsked()
                }
            }
        }
    }
}
