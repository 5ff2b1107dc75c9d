pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// 8 px, seen while scrolling and on hover.
T.ScrollBar {
    id: bar

    implicitWidth: 12
    implicitHeight: 12
    padding: 2
    minimumSize: 0.04
    visible: policy !== T.ScrollBar.AlwaysOff && size < 1
    Accessible.ignored: true
    contentItem: Rectangle {
        implicitWidth: 8
        implicitHeight: 8
        radius: 4
        color: Theme.ctl
        opacity: bar.pressed ? 0.9 : bar.active || bar.hovered ? 0.6 : 0
        Behavior on opacity { NumberAnimation { duration: Theme.fold } }
    }
}
