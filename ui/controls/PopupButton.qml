pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// A button that opens a menu of choices. `edged` for forms (field border, up-down mark), plain for bars.
T.Button {
    id: button

    required property list<string> options
    property int current: -1
    property string name: ""
    property string iconName: ""
    property bool edged: true
    property int size: 32
    property int menuWidth: 0
    readonly property alias menuOpen: menu.visible
    signal chosen(int index)

    text: current >= 0 && current < options.length ? options[current] : ""
    implicitHeight: Theme.px(size)
    readonly property int around: leftPadding + rightPadding + Theme.px(18) + (iconName === "" ? 0 : Theme.px(22))
    implicitWidth: label.implicitWidth + around
    leftPadding: Theme.px(12)
    rightPadding: Theme.px(10)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: name === "" ? text : name + ": " + text
    onClicked: menu.toggle()
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()
    Keys.onDownPressed: menu.open()

    contentItem: Item {
        Row {
            id: row
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.px(6)
            Icon {
                visible: button.iconName !== ""
                anchors.verticalCenter: parent.verticalCenter
                name: button.iconName
                size: Theme.px(16)
                color: Theme.ink2
            }
            TextLine {
                id: label
                text: button.text
                weight: button.edged ? Font.Normal : Font.Medium
                color: button.edged || button.hovered ? Theme.ink : Theme.ink2
                width: Math.min(implicitWidth, Math.max(0, button.width - button.around))
                Accessible.ignored: true
            }
            Icon {
                visible: !button.edged
                anchors.verticalCenter: parent.verticalCenter
                name: "down"
                size: Theme.px(12)
                color: Theme.ink3
            }
        }
        Icon {
            visible: button.edged
            x: parent.width - width
            anchors.verticalCenter: parent.verticalCenter
            name: "updown"
            size: Theme.px(12)
            color: Theme.ink3
        }
    }
    background: Rectangle {
        radius: Theme.px(8)
        color: button.edged ? Theme.raised : button.down || menu.visible ? Theme.fillHover
             : button.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        border.width: button.edged ? 1 : 0
        border.color: button.hovered ? Theme.ctl : Theme.field
        FocusRing {
            shown: button.visualFocus
            radiusInside: Theme.px(8)
        }
    }
    PopupMenu {
        id: menu
        implicitWidth: Math.min(room, Math.max(Theme.px(button.menuWidth), button.edged ? button.width : 0, widest))
        Repeater {
            model: button.options
            MenuRow {
                required property int index
                required property string modelData
                text: modelData
                chosen: index === button.current
                choice: true
                onTriggered: button.chosen(index)
            }
        }
    }
}
