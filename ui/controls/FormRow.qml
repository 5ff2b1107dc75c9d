pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// One setting: label and help at the start, its control at the end, a dot and Reset once it differs from the default.
Item {
    id: row

    required property string label
    property string help: ""
    property color helpColor: Theme.ink3
    property string key: ""        // the setting; `changedKeys` says which differ from their defaults
    property var changedKeys: []
    readonly property bool changed: key !== "" && changedKeys.includes(key)
    property bool resettable: true
    property bool last: false
    property bool stacked: width < Theme.px(460) && controls.implicitWidth > Theme.px(140)
                           && (help !== "" || labelLine.implicitWidth + controls.implicitWidth + Theme.px(24)
                               + (resetLink.visible ? resetLink.width : 0) > width)
    default property alias controls: controls.data
    signal reset

    width: parent ? parent.width : implicitWidth
    implicitHeight: stacked ? words.height + controls.height + Theme.px(28)
                            : Math.max(Theme.px(help === "" ? 52 : 64), words.height + Theme.px(24))

    Rectangle {
        visible: row.changed
        x: Theme.px(-14)
        y: words.y + Theme.px(7)
        width: Theme.px(6)
        height: width
        radius: width / 2
        color: Theme.accent
        Accessible.role: Accessible.Indicator
        Accessible.name: qsTr("Changed from the default")
    }
    Column {
        id: words
        spacing: Theme.px(1)
        y: row.stacked ? Theme.px(10) : Math.floor((row.height - height) / 2) - (row.help === "" ? 0 : 1)
        width: row.stacked ? row.width : row.width - controls.width - (resetLink.visible ? resetLink.width : 0) - Theme.px(24)
        TextLine {
            id: labelLine
            width: parent.width
            text: row.label
            weight: Font.Medium
        }
        Prose {
            width: parent.width
            visible: row.help !== ""
            text: row.help
            style: Theme.label
            color: row.helpColor
        }
    }
    LinkButton {
        id: resetLink
        visible: row.changed && row.resettable
        x: controls.x - width - Theme.px(8)
        y: controls.y + Math.round((controls.height - height) / 2)
        text: qsTr("Reset")
        Accessible.name: qsTr("Reset %1").arg(row.label)
        onClicked: row.reset()
    }
    Row {
        id: controls
        x: row.width - width
        y: row.stacked ? words.y + words.height + Theme.px(8) : Math.round((row.height - height) / 2)
        spacing: Theme.px(12)
    }
    Divider {
        visible: !row.last
        y: parent.height - 1
        width: parent.width
    }
}
