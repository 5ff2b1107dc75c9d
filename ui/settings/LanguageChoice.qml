pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The language: each in its own words, or the system's. In a bar it says which one that is.
PopupButton {
    id: choice

    required property AppContext app

    name: qsTr("Language")
    options: [qsTr("System language"), "English", "简体中文"]
    current: app.settings.language === "en" ? 1 : app.settings.language === "zh_CN" ? 2 : 0
    text: edged || current > 0 ? options[current] ?? "" : Theme.chinese ? "简体中文" : "English"
    onChosen: index => app.settings.language = ["", "en", "zh_CN"][index]
}
