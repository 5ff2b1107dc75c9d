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
    required property string html
    required property int level
    required property string marker
    required property int quoteDepth
    required property string language
    required property list<var> table
    required property list<string> alignments
    required property bool closed
    property bool quiet: false
    readonly property int quoteIndent: quoteDepth * Theme.px(16)
    readonly property int indent: quoteIndent + (blockKind === BlockListModel.ListItem ? Theme.px(24) * (level + 1) : 0)
    readonly property TextStyle style: quiet ? Theme.thought
        : blockKind === BlockListModel.Heading ? (level <= 1 ? Theme.h1 : level === 2 ? Theme.h2 : Theme.h3) : Theme.body

    implicitHeight: content.implicitHeight - (blockKind === BlockListModel.Heading && !quiet ? Theme.px(4) : 0)
    Repeater {
        model: block.quoteDepth
        Rectangle {
            required property int index
            x: index * Theme.px(16)
            width: 2
            height: block.height
            color: Theme.lineStrong
        }
    }
    TextLine {
        visible: block.blockKind === BlockListModel.ListItem
        x: block.indent - width - Theme.px(8)
        style: block.style
        text: block.marker
        figures: block.marker.length > 1
        color: block.quiet ? Theme.ink3 : Theme.ink2
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
        RichTextBlock {
            html: block.html
            source: block.text
            color: block.quiet || block.quoteDepth > 0 ? Theme.ink2 : Theme.ink
            font.family: block.style.family
            font.pixelSize: Theme.px(block.style.size)
            font.weight: block.blockKind === BlockListModel.Heading ? Font.DemiBold : Font.Normal
            font.letterSpacing: block.style.tracking * Theme.zoom
            lineHeight: Theme.px(block.style.line)
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
            quiet: block.quiet
        }
    }
    Component {
        id: grid
        TableBlock {
            rows: block.table
            alignments: block.alignments
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
