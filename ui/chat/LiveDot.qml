pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// 8 px of accent with a slow halo: something is being generated here.
Item {
    implicitWidth: Theme.px(14)
    implicitHeight: Theme.px(14)
    Rectangle {
        id: halo
        anchors.fill: parent
        radius: width / 2
        color: Qt.alpha(Theme.accent, level)
        property real level: 0.18
        SequentialAnimation {
            running: !Theme.reducedMotion && halo.visible
            loops: Animation.Infinite
            NumberAnimation { target: halo; property: "level"; from: 0.18; to: 0.06; duration: 800; easing.type: Easing.InOutSine }
            NumberAnimation { target: halo; property: "level"; from: 0.06; to: 0.18; duration: 800; easing.type: Easing.InOutSine }
        }
    }
    Rectangle {
        anchors.centerIn: parent
        width: Theme.px(8)
        height: width
        radius: width / 2
        color: Theme.accent
    }
}
