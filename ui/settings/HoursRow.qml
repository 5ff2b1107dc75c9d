pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The hours in which downloads run. Without them they run at any time.
FormRow {
    id: row

    required property NetworkController network

    label: qsTr("Download only at set hours")
    help: network.scheduled ? qsTr("Outside of these hours downloads wait") : qsTr("Now they run at any time")
    key: "hours"
    changedKeys: network.changedKeys
    resettable: false   // the switch does it
    TimeField {
        visible: row.network.scheduled
        name: qsTr("From")
        minute: row.network.fromMinute
        onPicked: minute => row.network.setHours(minute, row.network.toMinute)
    }
    TextLine {
        visible: row.network.scheduled
        y: Math.round((Theme.px(32) - height) / 2)
        text: "–"
        color: Theme.ink3
        Accessible.ignored: true
    }
    TimeField {
        visible: row.network.scheduled
        name: qsTr("To")
        minute: row.network.toMinute
        onPicked: minute => row.network.setHours(row.network.fromMinute, minute)
    }
    Toggle {
        y: row.network.scheduled ? Math.round((Theme.px(32) - height) / 2) : 0
        text: row.label
        on: row.network.scheduled
        onFlipped: on => on ? row.network.setHours(22 * 60, 7 * 60) : row.network.reset("hours")
    }
}
