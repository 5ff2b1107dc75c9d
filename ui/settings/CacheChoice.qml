pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// How keys and values of the context are stored: fewer bits take less memory and cost some quality. Which formats there
// are the engine says; here is what people call them.
PopupButton {
    id: choice

    required property ModelSettingsBackend backend
    readonly property list<string> ids: backend.kvFormats
    readonly property var words: ({
        f16: { text: qsTr("16 bit"), cost: qsTr("16 bit keeps the context as the model made it") },
        q8: { text: qsTr("8 bit"), cost: qsTr("8 bit takes about half the memory of 16 bit, at next to no cost") },
        fp8: { text: qsTr("8 bit float"), cost: qsTr("8 bit float takes about half the memory, and is a little less exact than 8 bit") },
        q4: { text: qsTr("4 bit"), cost: qsTr("4 bit takes just over a quarter, and is slightly less exact") },
        q3: { text: qsTr("3 bit"), cost: qsTr("3 bit takes a fifth and costs the most: for when nothing else fits") }
    })
    readonly property string cost: words[ids[current]]?.cost ?? ""

    name: qsTr("Context cache")
    options: ids.map(id => words[id]?.text ?? id)
    current: Math.max(0, ids.indexOf(backend.kvFormat))
    onChosen: index => backend.kvFormat = ids[index]
}
