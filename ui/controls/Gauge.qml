pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A quiet bar for a share of something; the numbers stand beside it as text. A soft limit has a tick, and past it
// the fill is amber.
Item {
    id: gauge

    property real share: 0
    property real softLimit: -1
    property string name: ""
    property int length: 96
    readonly property real clamped: Math.max(0, Math.min(1, share))

    implicitWidth: Theme.px(length)
    implicitHeight: Theme.px(8)
    Accessible.role: Accessible.ProgressBar
    Accessible.name: name

    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width
        height: Theme.px(4)
        radius: height / 2
        color: Theme.barEmpty
        Rectangle {
            width: gauge.clamped > 0 ? Math.max(parent.height, Math.round(parent.width * gauge.clamped)) : 0
            height: parent.height
            radius: parent.radius
            color: gauge.share > 1 || gauge.softLimit >= 0 && gauge.share > gauge.softLimit ? Theme.warn : Theme.accent
        }
    }
    Rectangle {
        visible: gauge.softLimit >= 0
        x: Math.round(gauge.width * gauge.softLimit)
        width: 1
        height: parent.height
        color: Theme.ctl
    }
}
