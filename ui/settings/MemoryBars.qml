pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// What these settings would take: one bar, and every part named with its number, so that colour alone says nothing.
Column {
    id: bars

    required property ModelSettingsBackend backend
    property bool headed: true
    readonly property list<color> colours: [Theme.mem1, Theme.mem2, Theme.mem3, Theme.mem4]

    Item {
        visible: bars.headed
        width: parent.width
        height: Theme.px(36)
        TextLine {
            text: qsTr("Memory plan")
            weight: Font.DemiBold
        }
        Verdict {
            x: parent.width - width
            fits: bars.backend.memoryFits
            text: bars.backend.memoryVerdict
        }
    }
    Item {
        width: parent.width
        height: Theme.px(20)
        TextLine {
            id: memoryWord
            text: qsTr("Memory")
        }
        TextLine {
            x: parent.width - width
            anchors.baseline: memoryWord.baseline
            text: bars.backend.memoryText
            style: Theme.label
            figures: true
        }
    }
    Item {
        width: parent.width
        height: Theme.px(28)
        Rectangle {
            y: Theme.px(4)
            width: parent.width
            height: Theme.px(12)
            radius: Theme.px(4)
            color: Theme.fill
            clip: true
            Row {
                spacing: 1
                height: parent.height
                Repeater {
                    model: bars.backend.memoryParts
                    Rectangle {
                        required property int index
                        required property var modelData
                        readonly property bool free: modelData.id === "free"
                        width: free ? 0 : Math.round(bars.width * Math.min(1, modelData.share ?? 0))
                        height: parent ? parent.height : 0
                        radius: index === 0 ? Theme.px(4) : 0
                        color: bars.colours[Math.min(index, 3)]
                    }
                }
            }
            Rectangle {
                visible: !bars.backend.memoryFits
                x: parent.width - width
                width: Theme.px(4)
                height: parent.height
                color: Theme.bad
            }
        }
    }
    Repeater {
        model: bars.backend.memoryParts
        Item {
            id: part
            required property int index
            required property var modelData
            readonly property bool free: modelData.id === "free"
            width: bars.width
            implicitHeight: Theme.px(24)
            Rectangle {
                y: Theme.px(8)
                width: Theme.px(8)
                height: width
                radius: 2
                color: part.free ? "transparent" : bars.colours[Math.min(part.index, 3)]
                border.width: part.free ? 1 : 0
                border.color: Theme.ctl
            }
            TextLine {
                id: partName
                x: Theme.px(18)
                y: Theme.px(2)
                width: parent.width - x - amount.width - Theme.px(8)
                text: part.modelData.label ?? ""
                color: Theme.ink2
            }
            TextLine {
                id: amount
                x: parent.width - width
                anchors.baseline: partName.baseline
                text: part.modelData.text ?? ""
                style: Theme.label
                figures: true
            }
        }
    }
}
