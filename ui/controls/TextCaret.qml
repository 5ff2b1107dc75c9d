pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// The caret of every text field: 2 px of accent; it stands still where motion is reduced.
Item {
    id: caret

    property bool shown: true
    property bool blinking: true
    property bool lit: true
    property bool still: false
    /// Height of the stroke, from the foot of the line up; 0 is the line's whole height.
    property int tall: 0
    /// How far that foot stands above the line's.
    property int lift: 0

    width: 2
    visible: shown && blinking && (lit || still || Theme.reducedMotion)

    Rectangle {
        x: -1   // before the letter, not on its stem
        y: parent.height - height - caret.lift
        width: 2
        height: caret.tall > 0 ? caret.tall : parent.height
        color: Theme.accent
    }

    Timer {
        running: caret.shown && caret.blinking && !caret.still && !Theme.reducedMotion
        repeat: true
        interval: 530
        onTriggered: caret.lit = !caret.lit
        onRunningChanged: caret.lit = true
    }
}
