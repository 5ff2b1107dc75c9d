pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// How keys and values of the context are stored: fewer bits take less memory and cost some quality.
PopupButton {
    id: choice

    required property ModelSettingsBackend backend
    readonly property list<string> ids: ["f16", "q8", "fp8", "q4", "q3"]
    readonly property list<string> costs: [
        qsTr("16 bit keeps the context as the model made it"),
        qsTr("8 bit takes about half the memory of 16 bit, at next to no cost"),
        qsTr("8 bit float takes about half the memory, and is a little less exact than 8 bit"),
        qsTr("4 bit takes just over a quarter, and is slightly less exact"),
        qsTr("3 bit takes a fifth and costs the most: for when nothing else fits")
    ]
    readonly property string cost: costs[current]

    name: qsTr("Context cache")
    options: [qsTr("16 bit"), qsTr("8 bit"), qsTr("8 bit float"), qsTr("4 bit"), qsTr("3 bit")]
    current: Math.max(0, ids.indexOf(backend.kvFormat))
    onChosen: index => backend.kvFormat = ids[index]
}
