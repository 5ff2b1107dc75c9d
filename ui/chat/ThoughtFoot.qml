pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// What can be done with a thought that runs or was cut. The hint field's place is between Pause and Answer now.
Item {
    id: foot

    required property ChatController chat
    required property ThoughtState thought
    property bool inCard: true
    readonly property int wanted: start.implicitWidth + Theme.px(12)
    readonly property bool live: thought.live
    readonly property bool paused: thought.state === ThoughtState.Paused

    Divider {
        visible: foot.inCard
        x: 1
        width: parent.width - 2
    }
    Row {
        id: start
        x: Theme.px(foot.inCard ? 8 : 0)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(8)
        PushButton {
            visible: foot.live && !foot.paused && foot.chat.canPause
            kind: PushButton.Ghost
            iconName: "pause"
            text: qsTr("Pause")
            onClicked: foot.chat.pause()
        }
        PushButton {
            visible: foot.paused
            kind: PushButton.Primary
            iconName: "play"
            text: qsTr("Resume")
            onClicked: foot.chat.resume()
        }
        PushButton {
            visible: foot.thought.canContinue
            kind: PushButton.Ghost
            iconName: "play"
            text: qsTr("Continue thinking")
            enabled: !foot.chat.busy
            why: qsTr("Another answer is being written")
            onClicked: foot.chat.continueMessage(foot.thought.messageId)
        }
        PushButton {
            visible: foot.thought.canContinue
            kind: PushButton.Ghost
            iconName: "skip"
            text: qsTr("Answer from here")
            enabled: !foot.chat.busy
            why: qsTr("Another answer is being written")
            onClicked: foot.chat.answerFromHere(foot.thought.messageId)
        }
    }
    PushButton {
        visible: foot.live
        x: parent.width - width - Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "skip"
        text: qsTr("Answer now")
        keys: "Ctrl+Enter"
        enabled: foot.chat.canAnswerNow
        onClicked: foot.chat.answerNow()
    }
}
