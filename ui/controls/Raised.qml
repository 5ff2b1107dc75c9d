pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Depth 2: the surface of popovers, menus, toasts and dialogs. The shadow is a nine-patch image, because effects do
// not run in the software renderer.
Item {
    property alias radius: face.radius
    property alias color: face.color

    BorderImage {
        anchors.fill: face
        anchors.margins: -32
        source: Theme.dark ? "qrc:/qt/qml/Pellucid/images/shadow-dark.png" : "qrc:/qt/qml/Pellucid/images/shadow-light.png"
        border { left: 56; top: 56; right: 56; bottom: 56 }
    }
    Rectangle {
        id: face
        anchors.fill: parent
        radius: 10
        color: Theme.raised
        border.width: 1
        border.color: Theme.lineStrong
    }
}
