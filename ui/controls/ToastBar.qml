pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// One message at the bottom, with at most one action. The queue behind it decides how long; hovering or focusing it
// makes it stay.
FocusScope {
    id: toast

    property string text: ""
    property string actionText: ""
    property bool error: false
    property bool shown: false
    property int widest: 560
    readonly property bool held: hover.hovered || action.activeFocus || close.activeFocus
    signal acted
    signal dismissed

    implicitWidth: Math.min(Theme.px(560), row.implicitWidth + Theme.px(28))
    implicitHeight: Math.max(Theme.px(48), words.implicitHeight + Theme.px(28))
    visible: opacity > 0
    opacity: shown ? 1 : 0
    transform: Translate { y: toast.shown ? 0 : 8 }
    Behavior on opacity { NumberAnimation { duration: Theme.fold } }
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Raised {
        anchors.fill: parent
        radius: Theme.px(12)
    }
    HoverHandler { id: hover }
    Row {
        id: row
        x: Theme.px(16)
        height: parent.height
        spacing: Theme.px(12)
        Icon {
            visible: toast.error
            anchors.verticalCenter: parent.verticalCenter
            name: "warn"
            size: Theme.px(16)
            color: Theme.bad
        }
        Prose {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, Math.min(Theme.px(560), toast.widest) - Theme.px(28) - (toast.error ? Theme.px(28) : 0)
                            - (action.visible ? action.width + Theme.px(12) : 0) - close.width - Theme.px(12))
            text: toast.text
        }
        PushButton {
            id: action
            visible: toast.actionText !== ""
            anchors.verticalCenter: parent.verticalCenter
            size: 28
            kind: PushButton.Ghost
            text: toast.actionText
            onClicked: toast.acted()
        }
        IconButton {
            id: close
            anchors.verticalCenter: parent.verticalCenter
            iconName: "x"
            iconSize: 12
            text: qsTr("Dismiss")
            onClicked: toast.dismissed()
        }
    }
}
