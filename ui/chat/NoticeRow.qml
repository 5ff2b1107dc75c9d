pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// How an answer ended when it did not end by itself: what happened, what to do, one button. Tinted only where
// something was lost.
Rectangle {
    id: notice

    required property ChatController chat
    required property string messageId
    required property string what
    required property string hint
    required property string severity
    required property bool canContinue
    readonly property bool error: severity === "error"
    readonly property int inset: error ? Theme.px(14) : 0

    implicitHeight: Math.max(Theme.px(36), words.implicitHeight + 2 * (error ? Theme.px(12) : Theme.px(8)))
    radius: Theme.px(10)
    color: error ? Theme.badTint : "transparent"
    Accessible.role: Accessible.AlertMessage
    Accessible.name: what + ". " + hint

    Icon {
        x: notice.inset
        y: words.y + Theme.px(2)
        name: notice.severity === "info" ? "stop" : "warn"
        size: Theme.px(16)
        color: notice.error ? Theme.bad : notice.severity === "warn" ? Theme.warn : Theme.ink3
    }
    Column {
        id: words
        x: notice.inset + Theme.px(26)
        y: Math.round((parent.height - height) / 2)
        width: parent.width - x - button.width - Theme.px(12) - notice.inset
        Prose {
            width: parent.width
            text: notice.what
            font.weight: Font.Medium
            color: notice.severity === "warn" ? Theme.warn : notice.error ? Theme.ink : Theme.ink2
        }
        Prose {
            width: parent.width
            visible: text !== ""
            text: notice.hint
            color: Theme.ink2
        }
    }
    PushButton {
        id: button
        x: parent.width - width - notice.inset
        y: Math.round((parent.height - height) / 2)
        text: notice.canContinue ? qsTr("Continue") : qsTr("Try again")
        kind: PushButton.Secondary
        enabled: !notice.chat.busy
        why: qsTr("Another answer is being written")
        onClicked: notice.canContinue ? notice.chat.continueMessage(notice.messageId) : notice.chat.regenerate(notice.messageId)
    }
}
