import QtQuick
import Pellucid
import Pellucid.App

PopupButton {
    id: choice

    required property ModelSettingsBackend backend
    readonly property list<string> ids: backend.devices.map(device => device.id)

    name: qsTr("Device")
    options: backend.devices.map(device => device.text)
    current: Math.max(0, ids.indexOf(backend.device))
    onChosen: index => backend.device = ids[index]
}
