pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// One connection: what for and with whom, when, how many bytes.
Item {
    id: row

    required property string time
    required property string host
    required property string purpose
    required property string subject
    required property string bytes
    required property bool refused

    implicitHeight: Theme.px(52)
    Accessible.role: Accessible.ListItem
    Accessible.name: [purpose, subject, host, time, bytes].join(", ")

    TextLine {
        id: what
        y: Theme.px(6)
        width: amount.x - Theme.px(16)
        text: row.subject === "" ? row.purpose : qsTr("%1: %2").arg(row.purpose).arg(row.subject)
        Accessible.ignored: true
    }
    TextLine {
        y: Theme.px(27)
        width: when.x - Theme.px(16)
        text: row.host
        style: Theme.label
        color: Theme.ink3
        Accessible.ignored: true
    }
    Icon {
        visible: row.refused
        x: amount.x - width - Theme.px(6)
        y: Theme.px(9)
        name: "lock"
        size: Theme.px(14)
        color: Theme.ink2
    }
    TextLine {
        id: amount
        x: parent.width - width
        anchors.baseline: what.baseline
        text: row.bytes
        style: Theme.label
        figures: true
        color: Theme.ink2
        Accessible.ignored: true
    }
    TextLine {
        id: when
        x: parent.width - width
        y: Theme.px(27)
        text: row.time
        style: Theme.label
        figures: true
        color: Theme.ink3
        Accessible.ignored: true
    }
    Divider {
        y: parent.height - 1
        width: parent.width
    }
}
