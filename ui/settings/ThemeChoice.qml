pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

PopupButton {
    required property SettingsBackend settings

    name: qsTr("Theme")
    options: [qsTr("Match system"), qsTr("Light"), qsTr("Dark")]
    current: settings.theme
    onChosen: index => settings.theme = index
}
