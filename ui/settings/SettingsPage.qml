// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// Settings: a list of pages at the start side, the page's form beside it, and for a model its memory plan. In a narrow
// window the list becomes a row of choices in the header.
FocusScope {
    id: page

    required property AppContext app
    property string current: "general"
    readonly property list<string> ids: ["general", "appearance", "thinking", "network", "shortcuts", "model"]
    readonly property list<string> titles: [qsTr("General"), qsTr("Appearance"), qsTr("Thinking"), qsTr("Network"), qsTr("Shortcuts"),
                                            app.modelSettings.modelName]
    readonly property list<string> icons: ["settings", "moon", "think", "globe", "keyboard", ""]
    readonly property bool hasModel: app.modelSettings.modelId !== ""
    readonly property bool wide: width >= Theme.px(960)
    readonly property bool presetInHeader: wide && header.width > Theme.px(640)
    readonly property bool onModel: current === "model" && hasModel
    readonly property int sideWidth: wide ? Theme.px(app.settings.sidebarWidth) : 0
    readonly property int planWidth: onModel && width >= Theme.px(1200) ? Theme.px(400) : 0
    signal backAsked
    signal pageChosen(string id)

    Keys.onEscapePressed: backAsked()
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Settings")

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    SettingsNav {
        id: nav
        visible: page.wide
        width: page.sideWidth
        height: parent.height
        ids: page.ids
        titles: page.titles
        icons: page.icons
        hasModel: page.hasModel
        current: page.current
        onChosen: id => page.pageChosen(id)
        onBackAsked: page.backAsked()
    }
    PageHeader {
        id: header
        x: page.sideWidth
        width: parent.width - page.sideWidth - page.planWidth
        backButton: !page.wide
        title: page.wide ? page.titles[page.ids.indexOf(page.current)] : qsTr("Settings")
        subtitle: page.onModel && page.wide ? page.app.modelSettings.modelDetail : ""
        onBackAsked: page.backAsked()
        PopupButton {
            visible: !page.wide
            edged: false
            size: 28
            name: qsTr("Page")
            options: page.hasModel ? page.titles : page.titles.slice(0, 5)
            current: page.ids.indexOf(page.current)
            onChosen: index => page.pageChosen(page.ids[index])
        }
        PresetChoice {
            visible: page.onModel && page.presetInHeader
            size: 28
            presets: page.app.modelSettings.presets
        }
        PushButton {
            visible: page.onModel && page.app.modelSettings.changedKeys.length > 0 && header.width > Theme.px(560)
            kind: PushButton.Ghost
            size: 28
            text: qsTr("Reset all")
            onClicked: page.app.modelSettings.resetAll()
        }
    }
    Flickable {
        id: scroller
        objectName: "settingsScroller"
        x: page.sideWidth
        y: header.height
        width: header.width
        height: parent.height - y
        contentHeight: form.y + form.height + Theme.px(24) + (reloadBar.visible ? reloadBar.height + Theme.px(32) : Theme.px(24))
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.vertical: ScrollThumb {}
        Loader {
            id: form
            x: Math.round((scroller.width - width) / 2)
            y: -Theme.px(4)   // the first heading stands 20 below the header; between groups it is 24
            width: Math.min(Theme.textColumn, scroller.width - Theme.px(64))
            focus: true
            sourceComponent: {
                switch (page.onModel ? "model" : page.current) {
                case "model": return model;
                case "appearance": return appearance;
                case "thinking": return thinking;
                case "network": return network;
                case "shortcuts": return shortcuts;
                default: return general;
                }
            }
            onLoaded: scroller.contentY = 0
        }
    }
    // Tabbing to a control outside the view brings it into view.
    FollowFocus { view: scroller }
    // The form scrolls under the bar, and nothing shows between bar and edge.
    Rectangle {
        visible: reloadBar.visible
        x: scroller.x
        y: reloadBar.y + Theme.px(12)
        width: scroller.width
        height: parent.height - y
        color: Theme.canvas
    }
    ReloadBar {
        id: reloadBar
        visible: page.onModel && page.app.modelSettings.reloadNeeded
        x: scroller.x + form.x
        y: parent.height - height - Theme.px(24)
        width: form.width
        backend: page.app.modelSettings
    }
    MemoryPlan {
        visible: page.planWidth > 0
        x: parent.width - width
        width: page.planWidth
        height: parent.height
        backend: page.app.modelSettings
    }
    Component { id: general; GeneralForm { app: page.app } }
    Component { id: appearance; AppearanceForm { app: page.app } }
    Component { id: thinking; ThinkingForm { settings: page.app.settings } }
    Component { id: network; NetworkForm { network: page.app.network } }
    Component { id: shortcuts; ShortcutTable { shortcuts: page.app.shortcuts } }
    Component {
        id: model
        ModelForm {
            backend: page.app.modelSettings
            models: page.app.models
            withPlan: page.planWidth === 0
            withPreset: !page.presetInHeader
        }
    }
}
