pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// Track 4, thumb 18, a tick at the default. Always left to right, as the number beside it is. Bind `value`; `picked`
// comes while it moves.
T.Slider {
    id: slider

    property string name: ""
    property real tick: NaN
    signal picked(real value)

    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true
    implicitWidth: Theme.px(200)
    implicitHeight: Theme.px(28)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: name
    onMoved: picked(value)

    background: Item {
        readonly property real usable: slider.width - slider.handle.width
        Rectangle {
            id: track
            y: Math.round((parent.height - height) / 2)
            width: parent.width
            height: Theme.px(4)
            radius: 2
            color: Theme.lineStrong
            Rectangle {
                width: Math.round(slider.handle.x + slider.handle.width / 2)
                height: parent.height
                radius: 2
                color: Theme.accent
            }
        }
        Rectangle {
            visible: !isNaN(slider.tick)
            x: Math.round((slider.tick - slider.from) / Math.max(1e-9, slider.to - slider.from) * parent.usable
                          + slider.handle.width / 2) - 1
            anchors.verticalCenter: track.verticalCenter
            width: 2
            height: Theme.px(12)
            color: Theme.ctl
        }
    }
    handle: Rectangle {
        x: Math.round(slider.visualPosition * (slider.width - width))
        y: Math.round((slider.height - height) / 2)
        width: Theme.px(18)
        height: width
        radius: width / 2
        color: Theme.dark ? Theme.ink : Theme.raised
        border.width: 1.5
        border.color: slider.pressed || slider.hovered ? Theme.ink3 : Theme.ctl
        FocusRing {
            shown: slider.visualFocus
            radiusInside: parent.radius
        }
    }
}
