pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// One adapter: its name, how much of it is added, at work or not.
FormRow {
    id: row

    required property int index
    required property string name
    required property string path
    required property real strength
    required property bool used
    required property bool missing
    required property AdapterList adapters
    readonly property bool room: width >= Theme.px(600)

    label: name
    help: missing ? qsTr("Its file is not there any more") : path
    helpColor: missing ? Theme.bad : Theme.ink3
    ValueSlider {
        y: Theme.px(2)
        width: Theme.px(row.room ? 120 : 80)
        enabled: row.used
        name: qsTr("Strength of %1").arg(row.name)
        to: 2
        stepSize: 0.05
        tick: 1
        value: row.strength
        onPicked: value => row.adapters.setStrength(row.index, value)
    }
    NumberField {
        implicitWidth: Theme.px(64)
        enabled: row.used
        name: qsTr("Strength of %1").arg(row.name)
        to: 2
        decimals: 2
        value: row.strength
        onPicked: value => row.adapters.setStrength(row.index, value)
    }
    Toggle {
        y: Math.round((Theme.px(32) - height) / 2)
        text: qsTr("Use %1").arg(row.name)
        on: row.used
        onFlipped: on => row.adapters.setUsed(row.index, on)
    }
    IconButton {
        y: Theme.px(2)
        iconName: "x"
        restColor: Theme.ink2
        text: qsTr("Take %1 off").arg(row.name)
        onClicked: row.adapters.remove(row.index)
    }
}
