pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// Round, 32. Send: accent once there is something to send. While a reply runs: stop, in ink.
T.Button {
    id: button

    required property bool running
    required property bool ready
    property bool stopping: false
    readonly property bool live: running || ready
    signal sendAsked
    signal stopAsked

    implicitWidth: Theme.px(32)
    implicitHeight: Theme.px(32)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    enabled: running ? !stopping : ready
    text: running ? qsTr("Stop") : qsTr("Send")
    Accessible.name: text
    onClicked: running ? stopAsked() : sendAsked()
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.running ? "stop" : "send"
            size: Theme.px(button.running ? 14 : 16)
            color: button.running ? Theme.canvas : button.ready ? Theme.accentOn : Theme.ink3
        }
    }
    background: Rectangle {
        radius: width / 2
        color: button.running ? (button.hovered ? Theme.ink2 : Theme.ink)
             : !button.ready ? Theme.fill
             : button.down ? Theme.accentPressed : button.hovered ? Theme.accentHover : Theme.accent
        opacity: button.stopping ? 0.4 : 1
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        FocusRing {
            shown: button.visualFocus
            radiusInside: parent.radius
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered && button.enabled
        text: button.text
        keys: button.running ? "Esc" : "Enter"
    }
}
