pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Before the first token: how far the prompt has been read. No spinner.
Item {
    id: waiting

    required property string text
    required property real progress

    implicitHeight: Theme.px(36)
    Rectangle {
        width: row.implicitWidth + Theme.px(24)
        height: parent.height
        radius: Theme.px(8)
        color: Theme.sunken
        border.width: 1
        border.color: Theme.line
        Row {
            id: row
            x: Theme.px(12)
            height: parent.height
            spacing: Theme.px(10)
            LiveDot { anchors.verticalCenter: parent.verticalCenter }
            TextLine {
                anchors.verticalCenter: parent.verticalCenter
                text: waiting.text
                figures: true
                color: Theme.ink2
            }
            Gauge {
                visible: waiting.progress >= 0
                anchors.verticalCenter: parent.verticalCenter
                share: waiting.progress
                name: waiting.text
            }
        }
    }
}
