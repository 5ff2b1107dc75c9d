pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Said before sending: the message does not fit the context, and what can be left out.
FocusScope {
    id: panel

    required property ChatController chat
    readonly property bool single: chat.overflowChoices.length === 1

    implicitHeight: column.implicitHeight + Theme.px(24)
    visible: chat.overflow
    onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: chat.overflowText
    Keys.onEscapePressed: chat.dismissOverflow()

    Raised {
        anchors.fill: parent
        radius: Theme.px(12)
    }
    Column {
        id: column
        x: Theme.px(16)
        y: Theme.px(12)
        width: parent.width - Theme.px(32)
        spacing: Theme.px(8)
        Prose {
            width: parent.width
            text: panel.chat.overflowText
            font.weight: Font.Medium
        }
        Prose {
            width: parent.width
            visible: text !== ""
            text: panel.chat.overflowHint
            color: Theme.ink2
        }
        Repeater {
            model: panel.chat.overflowChoices
            Item {
                id: choice
                required property var modelData
                required property int index
                width: column.width
                implicitHeight: panel.single ? words.implicitHeight : Math.max(Theme.px(36), words.implicitHeight)
                Prose {
                    id: words
                    y: Math.round((parent.height - height) / 2)
                    width: parent.width - (panel.single ? 0 : button.width + Theme.px(12))
                    text: choice.modelData.detail ?? ""
                    color: Theme.ink2
                }
                PushButton {
                    id: button
                    visible: !panel.single
                    x: parent.width - width
                    anchors.verticalCenter: parent.verticalCenter
                    focus: visible && choice.index === 0
                    text: choice.modelData.label ?? ""
                    onClicked: panel.chat.sendDropping(choice.modelData.id)
                }
            }
        }
        // One way on stands beside the way back; several have rows of their own.
        Flow {
            width: parent.width
            layoutDirection: Qt.RightToLeft
            spacing: Theme.px(8)
            PushButton {
                visible: panel.single
                focus: visible
                text: panel.single ? panel.chat.overflowChoices[0].label ?? "" : ""
                onClicked: panel.chat.sendDropping(panel.chat.overflowChoices[0].id)
            }
            PushButton {
                kind: PushButton.Ghost
                text: qsTr("Back to the text")
                onClicked: panel.chat.dismissOverflow()
            }
        }
    }
}
