pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// The first line of a thought, and the button that folds it (Space). Its state is an icon, a word and a number.
T.AbstractButton {
    id: header

    required property ChatController chat
    required property ThoughtState thought
    required property bool open
    readonly property bool troubled: thought !== null && thought.canContinue
    readonly property bool thinking: thought !== null && thought.state === ThoughtState.Thinking
    readonly property bool paused: thought !== null && thought.state === ThoughtState.Paused
    readonly property bool early: thought !== null && thought.state === ThoughtState.AnsweredEarly
    readonly property int wanted: Math.ceil(start.x + start.implicitWidth + Theme.px(14))
    readonly property bool narrow: width < Theme.px(560)

    implicitHeight: Theme.px(open ? 40 : 36)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    text: thought ? thought.headline : ""
    Accessible.role: Accessible.Button
    Accessible.name: open ? qsTr("%1. Fold").arg(text) : qsTr("%1. Unfold").arg(text)
    Accessible.description: thought ? thought.tokensText : ""
    onClicked: thought.toggle()
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: header.clicked()
    Keys.onEnterPressed: header.clicked()

    contentItem: Item {
        Icon {
            id: chevron
            x: Theme.px(12)
            anchors.verticalCenter: parent.verticalCenter
            name: header.open ? "down" : "right"
            size: Theme.px(12)
            color: Theme.ink3
        }
        Row {
            id: start
            x: Theme.px(30)
            height: parent.height
            spacing: Theme.px(8)
            LiveDot {
                visible: header.thinking
                anchors.verticalCenter: parent.verticalCenter
            }
            Icon {
                visible: header.paused || header.troubled || header.early
                anchors.verticalCenter: parent.verticalCenter
                name: header.paused ? "pause" : header.troubled ? "warn" : "skip"
                size: Theme.px(14)
                color: header.paused ? Theme.accent : header.troubled ? Theme.warn : Theme.ink2
            }
            TextLine {
                anchors.verticalCenter: parent.verticalCenter
                text: header.text
                weight: Font.Medium
                color: header.troubled ? Theme.warn : header.open || header.hovered ? Theme.ink : Theme.ink2
                Accessible.ignored: true
            }
            TextLine {
                visible: header.thought !== null && header.thought.live
                anchors.verticalCenter: parent.verticalCenter
                text: header.thought ? header.thought.elapsedText : ""
                figures: true
                color: Theme.ink2
                Accessible.ignored: true
            }
            TextLine {
                visible: header.thought !== null && !header.thought.live
                anchors.verticalCenter: parent.verticalCenter
                text: header.thought ? header.thought.detail : ""
                style: Theme.label
                figures: true
                color: Theme.ink3
                Accessible.ignored: true
            }
            TextLine {
                visible: !header.open && header.thought !== null && header.thought.live
                anchors.verticalCenter: parent.verticalCenter
                text: header.thought ? header.thought.tokensText : ""
                style: Theme.label
                figures: true
                color: Theme.ink3
                Accessible.ignored: true
            }
        }
        Row {
            visible: header.open
            x: parent.width - width - Theme.px(12)
            height: parent.height
            spacing: Theme.px(10)
            TextLine {
                visible: header.thought !== null && header.thought.live
                anchors.verticalCenter: parent.verticalCenter
                text: header.thought ? header.thought.tokensText : ""
                figures: true
                color: Theme.ink2
                Accessible.ignored: true
            }
            Gauge {
                visible: header.thought !== null && header.thought.live && header.thought.budget > 0
                anchors.verticalCenter: parent.verticalCenter
                length: header.narrow ? 48 : 96
                share: header.thought && header.thought.budget > 0 ? header.thought.tokens / header.thought.budget : 0
                name: qsTr("Thinking budget")
            }
            IconButton {
                visible: header.thought !== null && !header.thought.live
                anchors.verticalCenter: parent.verticalCenter
                iconName: "copy"
                text: qsTr("Copy thought")
                onClicked: header.chat.copyThought(header.thought.messageId)
            }
        }
    }
    background: Item {
        FocusRing {
            shown: header.visualFocus
            radiusInside: Theme.px(header.open ? 12 : 8)
        }
    }
}
