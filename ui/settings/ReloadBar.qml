pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// What the running model cannot take over waits here.
Item {
    id: bar

    required property ModelSettingsBackend backend

    implicitHeight: Math.max(Theme.px(48), words.implicitHeight + Theme.px(20))
    Accessible.role: Accessible.AlertMessage
    Accessible.name: backend.reloadText

    Raised {
        anchors.fill: parent
        radius: Theme.px(12)
    }
    Prose {
        id: words
        x: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        width: buttons.x - x - Theme.px(12)
        text: bar.backend.reloadText
    }
    Row {
        id: buttons
        x: parent.width - width - Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(8)
        PushButton {
            kind: PushButton.Ghost
            text: qsTr("Undo")
            onClicked: bar.backend.undoReload()
        }
        PushButton {
            kind: PushButton.Primary
            text: qsTr("Reload model")
            onClicked: bar.backend.reload()
        }
    }
}
