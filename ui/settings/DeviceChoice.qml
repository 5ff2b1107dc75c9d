pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

PopupButton {
    id: choice

    required property ModelSettingsBackend backend
    readonly property var devices: backend.devices
    readonly property list<string> ids: devices.map(device => device.id)

    name: qsTr("Device")
    options: devices.map(device => device.text)
    current: Math.max(0, ids.indexOf(backend.device))
    onChosen: index => backend.device = ids[index]
}
