pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

Column {
    id: more

    required property ModelSettingsBackend backend

    width: parent ? parent.width : 0
    SliderRow {
        label: qsTr("Typical-p")
        backend: more.backend
        key: "typicalP"
        value: more.backend.typicalP
        onPicked: value => more.backend.typicalP = value
    }
    SliderRow {
        label: qsTr("Presence penalty")
        backend: more.backend
        key: "presencePenalty"
        value: more.backend.presencePenalty
        from: -2
        to: 2
        zeroText: qsTr("Off")
        onPicked: value => more.backend.presencePenalty = value
    }
    SliderRow {
        label: qsTr("Frequency penalty")
        backend: more.backend
        key: "frequencyPenalty"
        value: more.backend.frequencyPenalty
        from: -2
        to: 2
        zeroText: qsTr("Off")
        onPicked: value => more.backend.frequencyPenalty = value
    }
    SliderRow {
        label: qsTr("Penalty window")
        help: qsTr("Tokens looked back at; -1 is the whole context")
        backend: more.backend
        key: "penaltyWindow"
        value: more.backend.penaltyWindow
        from: -1
        to: 2048
        step: 1
        decimals: 0
        onPicked: value => more.backend.penaltyWindow = value
    }
    SliderRow {
        label: qsTr("DRY strength")
        help: qsTr("Stops phrases from coming back word for word")
        backend: more.backend
        key: "dryMultiplier"
        value: more.backend.dryMultiplier
        to: 2
        zeroText: qsTr("Off")
        onPicked: value => more.backend.dryMultiplier = value
    }
    SliderRow {
        label: qsTr("DRY base")
        enabled: more.backend.dryMultiplier > 0
        backend: more.backend
        key: "dryBase"
        value: more.backend.dryBase
        from: 1
        to: 4
        onPicked: value => more.backend.dryBase = value
    }
    SliderRow {
        label: qsTr("DRY allowed length")
        enabled: more.backend.dryMultiplier > 0
        backend: more.backend
        key: "dryAllowedLength"
        value: more.backend.dryAllowedLength
        to: 20
        step: 1
        decimals: 0
        onPicked: value => more.backend.dryAllowedLength = value
    }
    SliderRow {
        label: qsTr("Longest answer")
        help: qsTr("Tokens")
        backend: more.backend
        key: "maxTokens"
        value: more.backend.maxTokens
        to: 32768
        step: 256
        decimals: 0
        zeroText: qsTr("No limit")
        onPicked: value => more.backend.maxTokens = value
    }
    FormRow {
        label: qsTr("Seed")
        help: qsTr("The same seed gives the same answer")
        last: true
        key: "seed"
            changedKeys: more.backend.changedKeys
        onReset: more.backend.reset("seed")
        Field {
            name: qsTr("Seed")
            placeholderText: qsTr("A new one each time")
            text: more.backend.seed
            validator: RegularExpressionValidator { regularExpression: /\d{0,19}/ }
            onEditingFinished: more.backend.seed = text
        }
    }
}
