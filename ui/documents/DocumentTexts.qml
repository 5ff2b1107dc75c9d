// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// A source without pages: its text with its headings, the cited paragraphs marked.
FocusScope {
    id: view

    required property DocumentViewer viewer
    readonly property int gutter: Theme.px(width < Theme.px(480) ? 32 : 48)
    readonly property int column: Math.min(Theme.textColumn, width - 2 * gutter)

    Connections {
        target: view.viewer
        function onRowWanted(row: int) {
            if (row >= 0) {
                list.positionViewAtIndex(row, ListView.Beginning);
                const item = list.itemAtIndex(row);
                const top = list.originY;
                list.contentY = Math.max(top, Math.min(top + list.contentHeight - list.height, item.y - list.height / 3));
            }
        }
    }
    ListView {
        id: list
        objectName: "documentTexts"
        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        model: view.viewer.texts
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: false
        currentIndex: -1   // a current paragraph would take the focus from the list
        header: Item { width: 1; height: Theme.px(20) }
        footer: Item { width: 1; height: Theme.px(32) }
        T.ScrollBar.vertical: ScrollThumb {}
        Accessible.role: Accessible.Document
        Accessible.name: view.viewer.name
        Accessible.focusable: true
        function scroll(by: real) {
            contentY = Math.max(originY, Math.min(originY + contentHeight - height, contentY + by));
        }
        Keys.onUpPressed: scroll(-Theme.px(60))
        Keys.onDownPressed: scroll(Theme.px(60))
        Keys.onPressed: event => {
            switch (event.key) {
            case Qt.Key_PageUp: scroll(-height * 0.85); break;
            case Qt.Key_PageDown:
            case Qt.Key_Space: scroll(height * 0.85); break;
            case Qt.Key_Home: positionViewAtBeginning(); break;
            case Qt.Key_End: positionViewAtEnd(); break;
            default: return;
            }
            event.accepted = true;
        }
        delegate: Item {
            id: row
            required property int kind
            required property int level
            required property string words
            required property string numbers
            required property bool open
            required property bool found
            readonly property bool heading: kind === DocumentTextList.Heading
            readonly property bool mono: kind === DocumentTextList.Code || kind === DocumentTextList.Table
            readonly property int inset: kind === DocumentTextList.Item ? Theme.px(20) * Math.max(1, level)
                                       : kind === DocumentTextList.Quote ? Theme.px(16) : 0
            width: list.width
            height: paragraph.height + Theme.px(heading ? 28 : 14)
            Rectangle {
                visible: row.numbers !== "" || row.found
                x: paragraph.x - Theme.px(10)
                y: paragraph.y - Theme.px(4)
                width: view.column - row.inset + Theme.px(20)
                height: paragraph.height + Theme.px(8)
                radius: Theme.px(4)
                color: row.open || row.found ? Theme.accentTint : "transparent"
                border.width: row.open ? 2 : row.numbers !== "" ? 1 : 0
                border.color: row.open ? Theme.accent : Theme.mem2
                opacity: 0
                Component.onCompleted: opacity = 1
                Behavior on opacity { NumberAnimation { duration: Theme.fold } }
            }
            Rectangle {
                visible: row.numbers !== ""
                x: paragraph.x - Theme.px(14) - width
                y: paragraph.y - Theme.px(4)
                width: Math.max(Theme.px(20), tag.implicitWidth + Theme.px(8))
                height: Theme.px(20)
                radius: Theme.px(4)
                color: row.open ? Theme.accent : Theme.accentTint
                TextLine {
                    id: tag
                    anchors.centerIn: parent
                    text: row.numbers
                    style: Theme.caption
                    weight: Font.DemiBold
                    figures: true
                    color: row.open ? Theme.accentOn : Theme.accentInk
                    Accessible.ignored: true
                }
            }
            TextLine {
                visible: row.kind === DocumentTextList.Item
                x: paragraph.x - Theme.px(14)
                y: paragraph.y
                text: "•"
                style: Theme.body
                color: Theme.ink2
                Accessible.ignored: true
            }
            Prose {
                id: paragraph
                x: Math.round((view.width - view.column) / 2) + row.inset
                y: Theme.px(row.heading ? 18 : 4)
                width: view.column - row.inset
                text: row.words
                style: row.heading ? (row.level <= 1 ? Theme.h1 : row.level === 2 ? Theme.h2 : Theme.h3) : row.mono ? Theme.code : Theme.body
                color: row.kind === DocumentTextList.Quote ? Theme.ink2 : Theme.ink
                Accessible.role: row.heading ? Accessible.Heading : Accessible.Paragraph
            }
        }
    }
    FocusRing {
        shown: view.Window.activeFocusItem === list
        radiusInside: 0
        anchors.margins: 2
    }
}
