pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// One device's memory: a stacked bar, and every part named with its number, so that colour alone says nothing.
Column {
    id: bar

    required property MemoryBarModel plan
    property bool parted: true
    readonly property list<color> colours: [Theme.mem1, Theme.mem2, Theme.mem3, Theme.mem4]

    Accessible.role: Accessible.Grouping
    Accessible.name: plan.name + ", " + plan.text

    Item {
        width: parent.width
        height: Theme.px(20)
        TextLine {
            id: title
            text: bar.plan.name
        }
        TextLine {
            x: parent.width - width
            anchors.baseline: title.baseline
            text: bar.plan.text
            style: Theme.label
            figures: true
        }
    }
    Item {
        width: parent.width
        height: Theme.px(bar.parted ? 28 : 20)
        Rectangle {
            y: Theme.px(4)
            width: parent.width
            height: Theme.px(12)
            radius: Theme.px(4)
            color: Theme.fill
        }
        Row {
            y: Theme.px(4)
            width: parent.width
            height: Theme.px(12)
            spacing: 1
            clip: true
            Repeater {
                model: bar.plan
                Rectangle {
                    id: segment
                    required property int index
                    required property real share
                    visible: index < 4 && width > 0
                    width: index < 4 ? Math.round(bar.width * share) - (share > 0.01 ? 1 : 0) : 0
                    height: Theme.px(12)
                    radius: index === 0 ? Theme.px(4) : 0
                    color: bar.colours[Math.min(index, 3)]
                    // Round where the bar begins, straight where the next part does.
                    Rectangle {
                        visible: segment.index === 0 && segment.width > segment.radius
                        x: segment.radius
                        width: parent.width - x
                        height: parent.height
                        color: segment.color
                    }
                }
            }
        }
        Rectangle {
            visible: bar.plan.over
            x: parent.width - width
            y: Theme.px(2)
            width: Theme.px(4)
            height: Theme.px(16)
            radius: 2
            color: Theme.bad
        }
    }
    Repeater {
        model: bar.parted ? bar.plan : null
        Item {
            id: part
            required property int index
            required property string label
            required property string text
            required property string delta
            readonly property bool free: index === 4
            width: bar.width
            implicitHeight: Theme.px(24)
            Rectangle {
                y: Theme.px(8)
                width: Theme.px(8)
                height: width
                radius: 2
                color: part.free ? "transparent" : bar.colours[Math.min(part.index, 3)]
                border.width: part.free ? 1 : 0
                border.color: Theme.ctl
            }
            TextLine {
                id: partName
                x: Theme.px(18)
                y: Theme.px(2)
                width: change.x - x - Theme.px(8)
                text: part.label
                color: Theme.ink2
            }
            TextLine {
                id: change
                x: parent.width - Theme.px(72) - width
                anchors.baseline: partName.baseline
                text: part.delta
                style: Theme.label
                figures: true
                color: Theme.accentInk
            }
            TextLine {
                x: parent.width - width
                anchors.baseline: partName.baseline
                text: part.text
                style: Theme.label
                figures: true
            }
        }
    }
}
