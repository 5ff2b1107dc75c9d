pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// Says where a dragged file would go: dashed accent, 8 inside what takes it.
Item {
    id: frame

    property bool shown: false
    property string text: ""

    visible: shown
    z: 5
    DashedFrame {
        anchors.fill: parent
        anchors.margins: Theme.px(8)
        color: Theme.accent
        ground: Qt.alpha(Theme.canvas, 0.86)
        radius: Theme.px(12)
    }
    TextLine {
        anchors.centerIn: parent
        text: frame.text
        weight: Font.Medium
        color: Theme.accentInk
    }
}
