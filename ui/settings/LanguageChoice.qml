pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The language: each in its own words, or the system's.
PopupButton {
    required property AppContext app

    name: qsTr("Language")
    options: [qsTr("System language"), "English", "简体中文"]
    current: app.settings.language === "en" ? 1 : app.settings.language === "zh_CN" ? 2 : 0
    onChosen: index => app.settings.language = ["", "en", "zh_CN"][index]
}
