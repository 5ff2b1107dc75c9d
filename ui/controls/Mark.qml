import QtQuick
import Pellucid

// The mark: two discs, their overlap in accent.
Image {
    property int size: 20

    width: Theme.px(size)
    height: Theme.px(size)
    sourceSize: Qt.size(width * 2, height * 2)
    smooth: true
    mipmap: true
    source: Theme.dark ? "qrc:/qt/qml/Pellucid/images/mark-dark.png" : "qrc:/qt/qml/Pellucid/images/mark-light.png"
    Accessible.role: Accessible.Graphic
    Accessible.name: "Pellucid"
}
