pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// A model on this computer: name, facts, size, verdict. The one looked at is tinted; the one in use shows its loading.
T.ItemDelegate {
    id: row

    required property string modelId
    required property string name
    required property string facts
    required property string sizeText
    required property string memoryText
    required property bool fits
    required property string verdict
    required property string severity
    required property bool current
    required property bool loaded
    required property bool inLibrary
    required property ModelController models
    required property ModelKeeping keeping
    property bool chosen: false
    property bool narrow: false
    property int shift: 0   // of the columns towards the names, in a wide list
    readonly property bool loading: current && models.state === ModelController.Loading
    readonly property bool failed: current && models.state === ModelController.Failed
    readonly property bool extended: loading || failed
    signal settingsAsked

    implicitHeight: Theme.px(64) + (narrow ? Theme.px(24) : 0) + (extended ? below.height + Theme.px(12) : 0)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.ListItem
    Accessible.onPressAction: row.clicked()
    Accessible.name: name + ", " + facts + ", " + sizeText + ", " + verdict
    Accessible.selected: chosen
    Keys.onReturnPressed: row.clicked()
    Keys.onEnterPressed: row.clicked()
    Keys.onDeletePressed: keeping.askRemoval(modelId)

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
            width: row.width - x - (row.narrow ? Theme.px(16) + tools.width : row.shift + Theme.px(378))
            TextLine {
                width: parent.width
                text: row.name
                style: Theme.modelName
                color: row.severity === "bad" ? Theme.ink2 : Theme.ink
                Accessible.ignored: true
            }
            TextLine {
                width: parent.width
                text: row.narrow ? row.facts + " · " + row.sizeText : row.facts
                style: Theme.label
                color: Theme.ink3
                Accessible.ignored: true
            }
        }
        TextLine {
            visible: !row.narrow
            x: row.width - row.shift - Theme.px(304) - width
            y: Theme.px(22)
            text: row.sizeText
            figures: true
            color: Theme.ink2
            Accessible.ignored: true
        }
        Column {
            x: row.narrow ? Theme.px(16) : row.width - row.shift - Theme.px(272)
            y: row.narrow ? Theme.px(54) : row.memoryText === "" ? Theme.px(22) : Theme.px(13)
            spacing: Theme.px(2)
            width: row.narrow ? row.width - Theme.px(32) : row.shift + Theme.px(272) - tools.width - Theme.px(16)
            Verdict {
                severity: row.severity === "" ? "ok" : row.severity
                text: row.verdict
                Accessible.ignored: true
            }
            TextLine {
                visible: text !== "" && !row.narrow
                x: row.verdict === "" ? 0 : Theme.px(20)
                width: parent.width - x
                text: row.loaded ? qsTr("Loaded") + " · " + row.memoryText : row.memoryText
                style: Theme.label
                color: Theme.ink3
                Accessible.ignored: true
            }
        }
        Row {
            id: tools
            x: row.width - width - Theme.px(12)
            y: Theme.px(18)
            spacing: Theme.px(2)
            IconButton {
                visible: row.current
                iconName: "settings"
                restColor: Theme.ink2
                text: qsTr("Settings of %1").arg(row.name)
                onClicked: row.settingsAsked()
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
                        visible: !row.loaded && !row.loading
                        text: qsTr("Use this model")
                        onTriggered: row.models.select(row.modelId)
                    }
                    MenuRow {
                        visible: row.current && row.loaded
                        text: qsTr("Load again")
                        onTriggered: row.models.reload()
                    }
                    MenuRow {
                        visible: row.current && row.loaded
                        text: qsTr("Unload, and free its memory")
                        onTriggered: row.models.unload()
                    }
                    MenuRow {
                        text: qsTr("Check the file")
                        onTriggered: row.keeping.check(row.modelId)
                    }
                    MenuRow {
                        danger: true
                        text: qsTr("Remove…")
                        onTriggered: row.keeping.askRemoval(row.modelId)
                    }
                }
            }
        }
        ModelLoad {
            id: below
            visible: row.extended
            x: Theme.px(16)
            y: Theme.px(row.narrow ? 84 : 60)
            width: row.width - Theme.px(32)
            models: row.models
        }
    }
}
