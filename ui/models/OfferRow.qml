pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// A model that could be here: name, facts, what is fetched, how fast it would be, whether it fits.
T.ItemDelegate {
    id: row

    required property string modelId
    required property string name
    required property string facts
    required property string sizeText
    required property string speedText
    required property string verdict
    required property string severity
    required property string note
    property bool chosen: false
    property bool narrow: false
    readonly property bool roomy: width >= Theme.px(720)   // for the column of speeds
    property int shift: 0                                   // of the columns towards the names, in a wide list
    readonly property int sizeEdge: width - shift - Theme.px(roomy ? 325 : 228)
    readonly property int verdictX: narrow ? Theme.px(16) : width - shift - Theme.px(192)

    implicitHeight: Theme.px(64) + (narrow ? Theme.px(note === "" ? 24 : 42) : 0)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.ListItem
    Accessible.onPressAction: row.clicked()
    Accessible.name: [name, facts, sizeText, speedText, verdict, note].filter(text => text !== "" && text !== "–").join(", ")
    Accessible.selected: chosen
    Keys.onReturnPressed: row.clicked()
    Keys.onEnterPressed: row.clicked()

    background: Rectangle {
        radius: Theme.px(8)
        color: row.chosen ? Theme.accentTint : row.down ? Theme.fillHover : row.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        Divider {
            visible: !row.chosen && !row.hovered
            x: Theme.px(16)
            y: parent.height - 1
            width: parent.width - Theme.px(32)
        }
        FocusRing {
            shown: row.visualFocus
            radiusInside: Theme.px(8)
            anchors.margins: -2
        }
    }
    contentItem: Item {
        Column {
            x: Theme.px(16)
            y: Theme.px(13)
            spacing: Theme.px(2)
            width: row.narrow ? row.width - Theme.px(32) : row.sizeEdge - Theme.px(96)
            TextLine {
                width: parent.width
                text: row.name
                style: Theme.modelName
                color: row.severity === "bad" ? Theme.ink2 : Theme.ink
                Accessible.ignored: true
            }
            TextLine {
                width: parent.width
                text: row.narrow && row.sizeText !== "" ? row.sizeText + " · " + row.facts : row.facts
                style: Theme.label
                color: Theme.ink3
                Accessible.ignored: true
            }
        }
        TextLine {
            visible: !row.narrow
            x: row.sizeEdge - width
            y: Theme.px(22)
            text: row.sizeText
            figures: true
            color: Theme.ink2
            Accessible.ignored: true
        }
        TextLine {
            visible: !row.narrow && row.roomy
            x: row.width - row.shift - Theme.px(228) - width
            y: Theme.px(22)
            text: row.speedText
            figures: true
            color: Theme.ink2
            Accessible.ignored: true
        }
        Column {
            x: row.verdictX
            y: row.narrow ? Theme.px(54) : row.note === "" || row.verdict === "" ? Theme.px(22) : Theme.px(13)
            spacing: Theme.px(2)
            width: row.narrow ? row.width - Theme.px(32) : Theme.px(184)
            Verdict {
                severity: row.severity
                text: row.verdict
                widest: parent.width
                Accessible.ignored: true
            }
            TextLine {
                visible: text !== ""
                x: row.verdict === "" ? 0 : Theme.px(20)
                width: parent.width - x
                text: row.note
                style: Theme.label
                color: Theme.ink3
                Accessible.ignored: true
            }
        }
    }
}
