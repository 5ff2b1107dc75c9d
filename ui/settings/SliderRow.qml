pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// A number of the model's settings: slider, tick at its default, and the number itself.
FormRow {
    id: row

    required property ModelSettingsBackend backend
    required property real value
    property real from: 0
    property real to: 1
    property real step: 0.01
    property int decimals: 2
    property string zeroText: ""
    readonly property bool room: width >= Theme.px(520)
    signal picked(real value)

    changedKeys: backend.changedKeys
    onReset: backend.reset(key)
    ValueSlider {
        y: Theme.px(2)
        width: Theme.px(row.room ? 200 : 120)
        name: row.label
        from: row.from
        to: row.to
        stepSize: row.step
        tick: row.backend.defaults[row.key] ?? NaN
        value: row.value
        onPicked: value => row.picked(value)
    }
    NumberField {
        name: row.label
        from: row.from
        to: row.to
        decimals: row.decimals
        zeroText: row.zeroText
        value: row.value
        onPicked: value => row.picked(value)
    }
}
