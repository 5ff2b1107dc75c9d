// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// Every keyboard shortcut, by group.
ListView {
    id: table

    required property ShortcutList shortcuts

    model: shortcuts
    implicitHeight: contentHeight
    height: contentHeight
    interactive: false
    cacheBuffer: 4000
    section.property: "group"
    section.delegate: Item {
        required property string section
        width: ListView.view.width
        implicitHeight: Theme.px(56)
        TextLine {
            y: Theme.px(24)
            text: parent.section
            style: Theme.h3
            Accessible.role: Accessible.Heading
        }
    }
    delegate: Item {
        id: row
        required property string description
        required property string keys
        width: ListView.view.width
        implicitHeight: Theme.px(36)
        Accessible.role: Accessible.StaticText   // it is read, not operated
        Accessible.name: description + ", " + keys
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - chip.width - Theme.px(12)
            text: row.description
            color: Theme.ink2
            Accessible.ignored: true
        }
        Rectangle {
            id: chip
            x: parent.width - width
            anchors.verticalCenter: parent.verticalCenter
            width: label.implicitWidth + Theme.px(16)
            height: Theme.px(24)
            radius: Theme.px(6)
            color: Theme.fill
            TextLine {
                id: label
                anchors.centerIn: parent
                text: row.keys
                style: Theme.label
                Accessible.ignored: true
            }
        }
        Divider {
            visible: row.ListView.nextSection === row.ListView.section
            y: parent.height - 1
            width: parent.width
        }
    }
}
