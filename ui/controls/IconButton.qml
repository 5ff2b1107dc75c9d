pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// 28 px, no edge, with a name for screen readers and a tooltip that also says the shortcut.
T.Button {
    id: button

    required property string iconName
    property string keys: ""
    property string why: ""
    property int size: 28
    property int iconSize: 16
    property color restColor: Theme.ink3

    implicitWidth: Theme.px(size)
    implicitHeight: Theme.px(size)
    padding: 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    Accessible.description: enabled ? keys : why
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            size: Theme.px(button.iconSize)
            color: button.hovered || button.down || button.checked || button.visualFocus ? Theme.ink : button.restColor
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: button.down ? Theme.fillHover : button.hovered || button.checked ? Theme.fill : Qt.alpha(Theme.fill, 0)
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        FocusRing {
            shown: button.visualFocus
            radiusInside: Theme.px(6)
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered || button.visualFocus
        text: button.enabled || button.why === "" ? button.text : button.why
        keys: button.keys
    }
}
