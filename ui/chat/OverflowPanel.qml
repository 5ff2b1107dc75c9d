pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Said before sending: the message does not fit the context, and what can be left out.
FocusScope {
    id: panel

    required property ChatController chat

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
        Repeater {
            model: panel.chat.overflowChoices
            Item {
                id: choice
                required property var modelData
                required property int index
                width: column.width
                implicitHeight: Math.max(Theme.px(36), words.implicitHeight)
                Prose {
                    id: words
                    y: Math.round((parent.height - height) / 2)
                    width: parent.width - button.width - Theme.px(12)
                    text: choice.modelData.detail ?? ""
                    color: Theme.ink2
                }
                PushButton {
                    id: button
                    x: parent.width - width
                    anchors.verticalCenter: parent.verticalCenter
                    focus: choice.index === 0
                    text: choice.modelData.label ?? ""
                    onClicked: panel.chat.sendDropping(choice.modelData.id)
                }
            }
        }
        PushButton {
            kind: PushButton.Ghost
            text: qsTr("Back to the text")
            onClicked: panel.chat.dismissOverflow()
        }
    }
}
