// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// Below an answer about documents: the passages that the model was given, each of them a click from its page.
FocusScope {
    id: list

    required property list<var> passages   // [{number, heading, quote, place, cited}]
    required property string countText
    required property string notice
    required property string messageId
    required property DocumentViewer viewer
    readonly property int openNumber: viewer.messageId === messageId ? viewer.number : 0
    signal whyAsked

    implicitHeight: rows.y + rows.height

    Divider { width: parent.width }
    TextLine {
        id: title
        y: Theme.px(14)
        width: Math.min(implicitWidth, parent.width - why.width - Theme.px(8))
        visible: list.passages.length > 0
        text: qsTr("Passages read")
        style: Theme.label
        weight: Font.Medium
        color: Theme.ink2
    }
    LinkButton {
        id: why
        visible: list.countText !== ""
        x: parent.width - width + Theme.px(4)
        y: Theme.px(8)
        quiet: true
        text: list.countText
        Accessible.name: qsTr("Why these passages: %1").arg(text)
        onClicked: list.whyAsked()
    }
    Column {
        id: rows
        y: Theme.px(list.passages.length > 0 || why.visible ? 40 : 12)
        width: parent.width
        Row {
            visible: list.notice !== ""
            spacing: Theme.px(6)
            bottomPadding: Theme.px(8)
            Icon {
                y: Theme.px(2)
                name: "warn"
                size: Theme.px(14)
                color: Theme.warn
            }
            Prose {
                width: rows.width - Theme.px(20)
                text: list.notice
                style: Theme.label
                color: Theme.warn
            }
        }
        Repeater {
            model: list.passages
            T.AbstractButton {
                id: row
                required property var modelData
                readonly property bool open: modelData.number === list.openNumber
                width: rows.width
                implicitHeight: Theme.px(58)
                hoverEnabled: true
                focusPolicy: Qt.StrongFocus
                enabled: list.viewer.available
                Accessible.name: [String(modelData.number), modelData.heading, modelData.place, modelData.quote].filter(part => part !== "").join(", ")
                Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
                Keys.onReturnPressed: row.clicked()
                Keys.onEnterPressed: row.clicked()
                onClicked: list.viewer.openCitation(list.messageId, modelData.number)
                background: Rectangle {
                    x: -Theme.px(8)
                    y: 1
                    width: row.width + Theme.px(16)
                    height: row.height - 2
                    radius: Theme.px(8)
                    color: row.open ? Theme.accentTint : row.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
                    FocusRing {
                        shown: row.visualFocus
                        radiusInside: Theme.px(8)
                        anchors.margins: -2
                    }
                }
                contentItem: Item {
                    Rectangle {
                        y: Theme.px(10)
                        width: Math.max(Theme.px(16), number.implicitWidth + Theme.px(8))
                        height: Theme.px(16)
                        radius: Theme.px(4)
                        color: row.open ? Theme.accent : Theme.accentTint
                        TextLine {
                            id: number
                            anchors.centerIn: parent
                            text: String(row.modelData.number)
                            style: Theme.caption
                            weight: Font.Medium
                            figures: true
                            color: row.open ? Theme.accentOn : Theme.accentInk
                            Accessible.ignored: true
                        }
                    }
                    TextLine {
                        objectName: "passageHeading"
                        x: Theme.px(28)
                        y: Theme.px(8)
                        width: parent.width - x - place.width - Theme.px(12)
                        text: row.modelData.heading
                        weight: Font.Medium
                        Accessible.ignored: true
                    }
                    TextLine {
                        id: place
                        x: parent.width - width
                        y: Theme.px(10)
                        text: row.modelData.place
                        style: Theme.label
                        figures: true
                        color: Theme.ink3
                        Accessible.ignored: true
                    }
                    TextLine {
                        objectName: "passageQuote"
                        x: Theme.px(28)
                        y: Theme.px(29)
                        width: parent.width - x
                        text: row.modelData.quote
                        color: Theme.ink2
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
}
