pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A cited span on its page: the open one in 2 px of accent on a tint, others in a thin line; its number left of the
// line on which it begins, where the eye looks for it and no letters stand.
Item {
    id: box

    required property var mark   // {x, y, width, height, left (points), part, number, open, found, first}
    required property real pointScale
    required property real pageX
    required property real pageY
    readonly property bool open: mark.open
    // A citation stands a little off its text; a part of a line, and a found word, as tightly as a selection.
    readonly property int off: Theme.px(mark.found ? 1 : mark.part ? 2 : 6)
    signal clicked

    x: Math.round(pageX + mark.x * pointScale) - off
    y: Math.round(pageY + mark.y * pointScale) - off
    width: Math.round(mark.width * pointScale) + 2 * off
    height: Math.round(mark.height * pointScale) + 2 * off
    z: open ? 1 : 0
    opacity: 0
    Component.onCompleted: opacity = 1
    Behavior on opacity { NumberAnimation { duration: Theme.fold; easing.type: Easing.OutCubic } }

    // Inks of the page, which is white in both themes.
    readonly property color accent: Theme.dark ? "#0A6A8C" : Theme.accent
    readonly property color thin: "#5FA6C1"

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(box.mark.found || box.mark.part ? 2 : 4)
        color: box.mark.found ? Qt.alpha("#E0A100", 0.30) : box.open ? Qt.alpha(box.accent, 0.09) : "transparent"
        border.width: box.mark.found ? 0 : box.open ? 2 : 1
        border.color: box.open ? box.accent : box.thin
    }
    Rectangle {
        visible: box.mark.first && box.mark.number > 0
        x: Math.max(-box.x, Math.round((box.mark.left - box.mark.x) * box.pointScale) + box.off - Theme.px(10) - width)
        y: box.off - Theme.px(6)
        width: Math.max(Theme.px(20), number.implicitWidth + Theme.px(8))
        height: Theme.px(20)
        radius: Theme.px(4)
        color: box.open ? box.accent : "#E6F2F7"
        TextLine {
            id: number
            anchors.centerIn: parent
            text: String(box.mark.number)
            style: Theme.caption
            weight: Font.DemiBold
            figures: true
            color: box.open ? "#FFFFFF" : "#075A78"
            Accessible.ignored: true
        }
    }
    TapHandler {
        enabled: !box.mark.found && !box.open
        onTapped: box.clicked()
    }
    HoverHandler {
        enabled: !box.mark.found && !box.open
        cursorShape: Qt.PointingHandCursor
    }
}
