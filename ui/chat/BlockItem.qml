// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// One block of a text: paragraph, heading, list item, quote, code, maths, table or rule. `quiet`: inside a thought.
Item {
    id: block

    required property int blockKind
    required property string text
    required property int level
    required property string marker
    required property string task
    required property int quoteLevel
    required property string language
    required property bool closed
    required property bool terminated
    property list<string> citationLabels: []
    property list<var> doubts: []     // [{text, note}]
    property int openCitation: 0
    property bool quiet: false
    property bool caret: false        // the text is being written here
    property bool caretStill: false
    signal citationClicked(number: int)
    readonly property bool heading: blockKind === BlockListModel.Heading
    readonly property bool item: blockKind === BlockListModel.ListItem
    readonly property int quoteIndent: quoteLevel * Theme.px(16)
    readonly property int indent: quoteIndent + (heading ? 0 : Theme.px(24) * level)
    readonly property TextStyle style: quiet ? Theme.thought
        : heading ? (level <= 1 ? Theme.h1 : level === 2 ? Theme.h2 : Theme.h3) : Theme.body

    implicitHeight: content.implicitHeight - (heading && !quiet ? Theme.px(4) : 0)
    Repeater {
        model: block.quoteLevel
        Rectangle {
            required property int index
            x: index * Theme.px(16)
            width: 2
            height: block.height
            color: Theme.lineStrong
        }
    }
    TextLine {
        visible: block.item && block.task === ""
        x: block.indent - width - Theme.px(8)
        style: block.style
        text: block.marker
        figures: block.marker.length > 1
        color: block.quiet ? Theme.ink3 : Theme.ink2
        Accessible.ignored: true
    }
    Rectangle {
        visible: block.item && block.task !== ""
        x: block.indent - width - Theme.px(6)
        y: Math.round((Theme.px(block.style.line) - height) / 2)
        width: Theme.px(14)
        height: width
        radius: Theme.px(4)
        color: "transparent"
        border.width: 1
        border.color: Theme.ctl
        Accessible.role: Accessible.StaticText   // it is read, not operated
        Accessible.name: block.task === "done" ? qsTr("Done") : qsTr("Open")
        Icon {
            visible: block.task === "done"
            anchors.centerIn: parent
            name: "check"
            size: Theme.px(10)
            color: Theme.ink2
        }
    }
    Loader {
        id: content
        x: block.indent
        width: block.width - x
        sourceComponent: {
            switch (block.blockKind) {
            case BlockListModel.Code: return code;
            case BlockListModel.Math: return maths;
            case BlockListModel.Table: return grid;
            case BlockListModel.Rule: return rule;
            default: return rich;
            }
        }
    }
    Component {
        id: rich
        Item {
            implicitHeight: words.implicitHeight + notes.height
            Column {
                id: notes
                y: words.implicitHeight
                width: parent.width
                Repeater {
                    // What several sentences share is said once.
                    model: [...new Set(words.doubted.map(index => block.doubts[index].note))]
                    Row {
                        id: note
                        required property string modelData
                        spacing: Theme.px(5)
                        topPadding: Theme.px(4)
                        Icon {
                            y: Theme.px(1)
                            name: "warn"
                            size: Theme.px(14)
                            color: Theme.warn
                        }
                        Prose {
                            width: notes.width - Theme.px(19)
                            text: note.modelData
                            style: Theme.label
                            color: Theme.warn
                        }
                    }
                }
            }
            InlineText {
                id: words
                width: parent.width
                source: block.text
                citations: block.citationLabels
                openCitation: block.citationLabels.length > 0 ? block.openCitation : 0
                doubts: block.doubts.map(doubt => doubt.text)
                onCitationClicked: number => block.citationClicked(number)
                streaming: !block.closed
                style: block.style
                quiet: block.quiet
                color: block.quiet || block.quoteLevel > 0 ? Theme.ink2 : Theme.ink
                Loader {
                    active: block.caret
                    sourceComponent: TextCaret {
                        readonly property rect end: {
                            words.edit.length;
                            words.edit.contentHeight;
                            words.width;
                            return words.edit.positionToRectangle(words.edit.length);
                        }
                        still: block.caretStill
                        tall: Theme.px(16)
                        x: end.x + Theme.px(4)
                        y: end.y
                        height: end.height
                    }
                }
            }
        }
    }
    Component {
        id: code
        CodeBlock {
            code: block.text
            language: block.language
            closed: block.closed
        }
    }
    Component {
        id: maths
        MathBlock {
            tex: block.text
            closed: block.closed
            terminated: block.terminated
            quiet: block.quiet
        }
    }
    Component {
        id: grid
        TableBlock {
            source: block.text
            quiet: block.quiet
        }
    }
    Component {
        id: rule
        Item {
            implicitHeight: Theme.px(17)
            Divider {
                y: Theme.px(8)
                width: parent.width
            }
        }
    }
}
