pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The smaller model that guesses for the one in use.
PopupButton {
    id: choice

    required property ModelSettingsBackend backend
    readonly property var models: backend.draftModels
    readonly property list<string> paths: models.map(model => model.path)

    name: qsTr("Smaller model")
    enabled: models.length > 0
    options: models.length > 0 ? models.map(model => model.text) : [qsTr("None")]
    current: models.length > 0 ? paths.indexOf(backend.draftModel) : 0
    onChosen: index => backend.draftModel = paths[index]
}
