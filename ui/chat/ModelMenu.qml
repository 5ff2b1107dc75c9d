pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The models on this computer, what each needs, and the way to the models page.
PopupMenu {
    id: menu

    required property ModelController models
    signal modelsPageAsked

    implicitWidth: Math.min(room, Math.max(Theme.px(320), Math.min(widest, Theme.px(460))))
    Repeater {
        model: menu.models.list
        MenuRow {
            required property string modelId
            required property string name
            required property string memoryText
            required property bool current
            required property bool fits
            choice: true
            chosen: current
            text: name
            detail: memoryText
            onTriggered: menu.models.select(modelId)
        }
    }
    Divider {
        visible: menu.models.list.count > 0
        width: parent ? parent.width : 0
    }
    MenuRow {
        visible: menu.models.state === ModelController.Loading
        text: qsTr("Cancel loading")
        onTriggered: menu.models.cancelLoad()
    }
    MenuRow {
        visible: menu.models.state === ModelController.Ready
        text: qsTr("Unload, and free its memory")
        onTriggered: menu.models.unload()
    }
    MenuRow {
        text: qsTr("All models…")
        onTriggered: menu.modelsPageAsked()
    }
}
