pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Keyboard focus: 2 px of accent, 2 px away from the control.
Rectangle {
    property bool shown: false
    property real radiusInside: 8

    anchors.fill: parent
    anchors.margins: -4
    radius: radiusInside + 4
    color: "transparent"
    border.width: 2
    border.color: Theme.accent
    visible: shown
    z: 1
}
