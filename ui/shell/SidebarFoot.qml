pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Device, memory in use of total, and the door to the settings.
Item {
    id: foot

    required property SystemInfo system
    property bool chosen: false
    signal settingsAsked

    implicitHeight: Theme.px(64)
    Divider { width: parent.width }
    Item {
        id: meter
        x: Theme.px(10)
        width: parent.width - x - Theme.px(44)
        height: parent.height
        Accessible.role: Accessible.StaticText
        Accessible.name: foot.system.description
        TextLine {
            y: Theme.px(12)
            width: parent.width - memory.width - Theme.px(8)
            text: foot.system.deviceText
            style: Theme.label
            color: Theme.ink2
            Accessible.ignored: true
        }
        TextLine {
            id: memory
            x: parent.width - width
            y: Theme.px(12)
            text: foot.system.memoryText
            style: Theme.label
            figures: true
            color: Theme.ink2
            Accessible.ignored: true
        }
        Rectangle {
            y: Theme.px(36)
            width: parent.width
            height: Theme.px(4)
            radius: 2
            color: Theme.barEmpty
            Rectangle {
                width: foot.system.memoryTotal > 0 ? Math.round(parent.width * foot.system.memoryUsed / foot.system.memoryTotal) : 0
                height: parent.height
                radius: 2
                color: Theme.ink3
            }
        }
    }
    IconButton {
        x: parent.width - width - Theme.px(4)
        y: Theme.px(18)
        iconName: "settings"
        restColor: Theme.ink2
        checked: foot.chosen
        text: qsTr("Settings")
        keys: "Ctrl+,"
        onClicked: foot.settingsAsked()
    }
}
