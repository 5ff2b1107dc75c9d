// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// One row of the conversation: it places the kind's own item in the column, with the right space above it.
Item {
    id: row

    required property int index
    required property int rowKind
    required property string messageId
    required property ThoughtState thought
    required property int blockKind
    required property string text
    required property int level
    required property string marker
    required property string task
    required property int quoteLevel
    required property string language
    required property bool closed
    required property bool terminated
    required property bool continued
    required property bool blankBefore
    required property int branchIndex
    required property int branchCount
    required property bool last
    required property bool streaming
    required property string statsText
    required property list<var> stats
    required property string errorWhat
    required property string errorHint
    required property string severity
    required property bool canContinue
    required property string waitingText
    required property real progress
    required property list<string> citationLabels
    required property list<var> doubts
    required property list<var> passages
    required property string passagesText
    required property string sourcesNotice
    required property bool turnStart

    required property ChatController chat
    required property SettingsBackend settings
    required property DocumentViewer viewer
    signal whyAsked(messageId: string)
    required property int columnWidth
    required property int textWidth
    readonly property int gap: {
        if (index === 0) {
            return 0;
        }
        if (turnStart) {
            return rowKind === ChatRowModel.UserMessage ? 32 : 16;
        }
        switch (rowKind) {
        case ChatRowModel.AnswerActions: return 8;
        case ChatRowModel.Passages: return 16;
        case ChatRowModel.Block:
            if (continued) {
                return 0;
            }
            return blockKind === BlockListModel.Heading ? 24 : blockKind === BlockListModel.ListItem && !blankBefore ? 4 : 12;
        default: return 12;
        }
    }

    function beginEdit() {
        (content.item as UserMessage)?.beginEdit();
    }

    implicitHeight: Theme.px(gap) + content.implicitHeight
    height: implicitHeight

    Loader {
        id: content
        readonly property bool wide: row.rowKind === ChatRowModel.UserMessage || row.rowKind === ChatRowModel.Thought
        x: Math.round((row.width - row.columnWidth) / 2)
        y: Theme.px(row.gap)
        width: wide ? row.columnWidth : row.textWidth
        sourceComponent: {
            switch (row.rowKind) {
            case ChatRowModel.UserMessage: return userMessage;
            case ChatRowModel.Thought: return thoughtCard;
            case ChatRowModel.Block: return block;
            case ChatRowModel.AnswerActions: return actions;
            case ChatRowModel.ErrorNotice: return notice;
            case ChatRowModel.Passages: return passageList;
            default: return waiting;
            }
        }
    }
    Component {
        id: userMessage
        UserMessage {
            chat: row.chat
            messageId: row.messageId
            text: row.text
            branchIndex: row.branchIndex
            branchCount: row.branchCount
        }
    }
    Component {
        id: thoughtCard
        ThoughtCard {
            chat: row.chat
            thought: row.thought
        }
    }
    Component {
        id: block
        BlockItem {
            blockKind: row.blockKind
            text: row.text
            level: row.level
            marker: row.marker
            task: row.task
            quoteLevel: row.quoteLevel
            language: row.language
            closed: row.closed
            terminated: row.terminated
            citationLabels: row.citationLabels
            doubts: row.doubts
            openCitation: row.viewer.messageId === row.messageId ? row.viewer.number : 0
            onCitationClicked: number => row.viewer.openCitation(row.messageId, number)
        }
    }
    Component {
        id: actions
        AnswerActions {
            chat: row.chat
            messageId: row.messageId
            branchIndex: row.branchIndex
            branchCount: row.branchCount
            statsText: row.statsText
            stats: row.stats
            settings: row.settings
        }
    }
    Component {
        id: notice
        NoticeRow {
            chat: row.chat
            messageId: row.messageId
            what: row.errorWhat
            hint: row.errorHint
            severity: row.severity
            canContinue: row.canContinue
        }
    }
    Component {
        id: passageList
        PassageList {
            passages: row.passages
            countText: row.passagesText
            notice: row.sourcesNotice
            messageId: row.messageId
            viewer: row.viewer
            onWhyAsked: row.whyAsked(row.messageId)
        }
    }
    Component {
        id: waiting
        WaitingRow {
            text: row.waitingText
            progress: row.progress
        }
    }
}
