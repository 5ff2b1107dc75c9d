pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// How the next token is drawn. The seldom used ones unfold.
FormGroup {
    id: group

    required property ModelSettingsBackend backend
    property bool all: false

    heading: qsTr("Sampling")
    SliderRow {
        label: qsTr("Temperature")
        help: qsTr("0 always takes the likeliest token")
        backend: group.backend
        key: "temperature"
        value: group.backend.temperature
        to: 2
        step: 0.05
        onPicked: value => group.backend.temperature = value
    }
    SliderRow {
        label: qsTr("Top-p")
        backend: group.backend
        key: "topP"
        value: group.backend.topP
        onPicked: value => group.backend.topP = value
    }
    SliderRow {
        label: qsTr("Top-k")
        backend: group.backend
        key: "topK"
        value: group.backend.topK
        to: 200
        step: 1
        decimals: 0
        zeroText: qsTr("Off")
        onPicked: value => group.backend.topK = value
    }
    SliderRow {
        label: qsTr("Min-p")
        backend: group.backend
        key: "minP"
        value: group.backend.minP
        zeroText: qsTr("Off")
        onPicked: value => group.backend.minP = value
    }
    SliderRow {
        label: qsTr("Repetition penalty")
        help: qsTr("1 is off")
        last: !group.all
        backend: group.backend
        key: "repetitionPenalty"
        value: group.backend.repetitionPenalty
        from: 1
        to: 2
        onPicked: value => group.backend.repetitionPenalty = value
    }
    MoreSampling {
        visible: group.all
        backend: group.backend
    }
    LinkButton {
        x: -Theme.px(4)
        text: group.all ? qsTr("Show fewer") : qsTr("Show all sampling settings")
        onClicked: group.all = !group.all
    }
}
