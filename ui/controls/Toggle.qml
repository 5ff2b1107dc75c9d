pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// A switch, 36 x 20. `text` is its accessible name; the label stands in the form row. Bind `on`, act on `flipped`.
T.AbstractButton {
    id: toggle

    property bool on: false
    signal flipped(bool on)

    implicitWidth: Theme.px(36)
    implicitHeight: Theme.px(20)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    checkable: true
    checked: on
    onClicked: {
        flipped(!on);
        checked = Qt.binding(() => toggle.on);   // the click has set it by itself
    }
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Accessible.onToggleAction: if (enabled) clicked()
    Keys.onReturnPressed: toggle.clicked()
    Keys.onEnterPressed: toggle.clicked()

    background: Rectangle {
        radius: height / 2
        color: toggle.on ? (toggle.hovered ? Theme.accentHover : Theme.accent) : Theme.raised
        border.width: toggle.on ? 0 : 1.5
        border.color: toggle.hovered ? Theme.ink3 : Theme.ctl
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        Rectangle {
            readonly property int side: Theme.px(toggle.on ? 16 : 12)
            width: side
            height: side
            radius: side / 2
            y: Math.round((parent.height - side) / 2)
            x: (toggle.on !== toggle.mirrored) ? parent.width - side - Theme.px(2) : Theme.px(4)
            color: toggle.on ? (Theme.dark ? Theme.accentOn : Theme.raised) : Theme.ctl
            Behavior on x { NumberAnimation { duration: Theme.quick; easing.type: Easing.OutCubic } }
        }
        FocusRing {
            shown: toggle.visualFocus
            radiusInside: toggle.height / 2
        }
    }
}
