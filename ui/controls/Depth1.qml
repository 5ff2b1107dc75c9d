pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// The first depth: a shade that spreads 3 px in three steps, a pixel lower than what casts it. Lies behind that.
Item {
    id: shade

    property real radius: 12

    anchors.fill: parent
    Repeater {
        model: 3
        Rectangle {
            required property int index
            anchors.fill: parent
            anchors.margins: -index - 1
            anchors.topMargin: -index
            anchors.bottomMargin: -index - 2
            radius: shade.radius + index + 1
            // 6 % black; 1.6 % of #08141E, written so that what rounding to bytes leaves of it is still that colour.
            color: Theme.dark ? "#0F000000" : "#087F7F9F"
        }
    }
}
