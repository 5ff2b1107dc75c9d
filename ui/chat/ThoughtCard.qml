// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// A thought. Folded: one line hugging its words. Open: a card with header, text and, while it can be acted on, a foot.
// It fades nothing and blinks nothing: the text grows, the numbers move.
FocusScope {
    id: card

    required property ChatController chat
    required property ThoughtState thought
    readonly property bool open: thought !== null && thought.open
    readonly property bool acting: thought !== null && (thought.live || thought.canContinue)
    readonly property int openHeight: header.height + body.height + (acting ? foot.height : 0)

    // Folded, a thought that was cut keeps its two ways on: beside its line, or below it where there is no room.
    readonly property bool beside: width > header.wanted + foot.wanted
    readonly property int foldedHeight: header.height + (acting && !thought.live && !beside ? Theme.px(40) : 0)
    implicitHeight: open ? openHeight : foldedHeight
    Behavior on implicitHeight {
        enabled: card.folding
        NumberAnimation { duration: Theme.fold; easing.type: Easing.OutCubic; onStopped: card.folding = false }
    }
    property bool folding: false
    onOpenChanged: folding = Theme.fold > 0
    clip: folding
    Accessible.role: Accessible.Grouping
    Accessible.name: thought ? qsTr("Thought: %1").arg(thought.headline) : ""

    Rectangle {
        width: card.open ? parent.width : Math.min(parent.width, header.wanted)
        height: card.open ? parent.height : header.height
        radius: Theme.px(card.open ? 12 : 8)
        color: Theme.sunken
        border.width: 1
        border.color: Theme.line
    }
    ThoughtHeader {
        id: header
        width: card.open ? parent.width : Math.min(parent.width, wanted)
        thought: card.thought
        open: card.open
        chat: card.chat
    }
    Loader {
        id: body
        active: card.open
        y: header.height
        width: parent.width
        height: active && item ? (item as Item).implicitHeight : 0
        sourceComponent: ThoughtBody {
            thought: card.thought
        }
    }
    Loader {
        id: foot
        readonly property int wanted: active && item ? (item as ThoughtFoot).wanted : 0
        active: card.acting && (card.open || !card.thought.live)
        x: card.open || !card.beside ? 0 : header.width + Theme.px(4)
        y: card.open ? header.height + body.height : card.beside ? Math.round((header.height - height) / 2) : header.height
        width: parent.width - x
        height: active ? Theme.px(card.open ? 48 : 36) : 0
        sourceComponent: ThoughtFoot {
            chat: card.chat
            thought: card.thought
            inCard: card.open
        }
    }
}
