pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// One way to start: title, one sentence, one button.
FocusScope {
    id: card

    required property string title
    required property string sentence
    required property string actText
    property bool best: false
    property bool busy: false
    property string severity: ""   // whether it fits, where that is to be said
    property string verdict: ""
    property string facts: ""
    readonly property bool stacked: width < Theme.px(420)
    signal acted

    implicitHeight: Math.max(Theme.px(88), words.height + (stacked ? button.height + Theme.px(12) : 0) + Theme.px(40))

    Depth1 {
        visible: card.best
        radius: face.radius
    }
    Rectangle {
        id: face
        anchors.fill: parent
        radius: Theme.px(12)
        color: card.best ? Theme.raised : Theme.canvas
        border.width: 1
        border.color: card.best ? Theme.lineStrong : Theme.line
    }
    Column {
        id: words
        x: Theme.px(20)
        y: card.stacked ? Theme.px(20) : Math.round((parent.height - height) / 2) - Theme.px(2)
        width: parent.width - Theme.px(40) - (card.stacked ? 0 : button.width + Theme.px(20))
        spacing: Theme.px(5)
        TextLine {
            width: parent.width
            text: card.title
            style: Theme.h3
            Accessible.role: Accessible.Heading
        }
        Prose {
            width: parent.width
            text: card.sentence
            color: Theme.ink2
        }
        Flow {
            visible: card.verdict !== ""
            width: parent.width
            spacing: Theme.px(16)
            Verdict {
                severity: card.severity
                text: card.verdict
            }
            Item {
                implicitWidth: facts.implicitWidth
                implicitHeight: Theme.px(20)
                TextLine {
                    id: facts
                    y: Theme.px(3)   // on the verdict's baseline
                    width: parent.width
                    text: card.facts
                    style: Theme.label
                    figures: true
                    color: Theme.ink2
                }
            }
        }
    }
    // The way the look wants it: the first card's button starts out focused, and seen to be.
    Component.onCompleted: if (best && visible) button.forceActiveFocus(Qt.TabFocusReason)

    PushButton {
        id: button
        focus: true
        x: card.stacked ? Theme.px(20) : parent.width - width - Theme.px(20)
        y: card.stacked ? words.y + words.height + Theme.px(12) : Math.round((parent.height - height) / 2)
        size: 36
        kind: card.best ? PushButton.Primary : PushButton.Secondary
        text: card.actText
        enabled: !card.busy
        onClicked: card.acted()
    }
}
