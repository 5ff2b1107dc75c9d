pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// The caret of every text field: 2 px of accent; it stands still where motion is reduced.
Rectangle {
    id: caret

    property bool shown: true
    property bool blinking: true
    property bool lit: true

    width: 2
    color: Theme.accent
    visible: shown && blinking && (lit || Theme.reducedMotion)

    Timer {
        running: caret.blinking && !Theme.reducedMotion
        repeat: true
        interval: 530
        onTriggered: caret.lit = !caret.lit
        onRunningChanged: caret.lit = true
    }
}
