// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Layouts
import Pellucid
import Pellucid.Content

// The cells of a table. Columns take the width of their words; what is left over is shared out. In a table of many cells
// those without markup are plain texts: a tenth of the memory, at the price that they cannot be selected one by one.
GridLayout {
    id: grid

    required property TableModel cells
    required property int room
    property bool quiet: false
    readonly property int firstWidth: repeater.count > 0 ? repeater.itemAt(0)?.width ?? 0 : 0
    readonly property int widestColumn: Theme.px(280)
    readonly property bool large: cells.rows * cells.columns > 200

    columns: Math.max(1, cells.columns)
    columnSpacing: 0
    rowSpacing: 0
    width: Math.max(room, implicitWidth)

    Repeater {
        id: repeater
        model: grid.cells
        Item {
            id: place
            required property int row
            required property int column
            required property string cell
            required property string side
            required property bool head
            required property bool plain
            readonly property bool light: plain && grid.large
            readonly property real natural: (words.item as InlineText)?.naturalWidth ?? (words.item as Prose)?.implicitWidth ?? 0
            readonly property int wanted: Math.min(Math.ceil(natural), grid.widestColumn) + Theme.px(24)

            Layout.row: row
            Layout.column: column
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumWidth: wanted
            Layout.preferredWidth: wanted
            readonly property color ink: head ? Theme.ink3 : grid.quiet ? Theme.ink2 : Theme.ink
            readonly property string family: side === "right" && !head ? Theme.figures : Theme.sans
            readonly property int size: Theme.px(head ? 12 : grid.quiet ? 13 : 14)
            readonly property int line: Theme.px(head ? 16 : 22)
            readonly property int alignment: side === "right" ? Text.AlignRight : side === "center" ? Text.AlignHCenter : Text.AlignLeft

            implicitHeight: Math.max(Theme.px(head ? 34 : 32), words.height + Theme.px(8))
            Loader {
                id: words
                x: Theme.px(12)
                // Fixed lines of a TextEdit lead above the text.
                y: Math.round((place.height - height) / 2) - (place.light ? 0 : Theme.px(2))
                width: place.width - Theme.px(24)
                sourceComponent: place.light ? plainText : rich
            }
            Component {
                id: rich
                InlineText {
                    source: place.cell
                    color: place.ink
                    horizontalAlignment: place.alignment
                    font.family: place.family
                    font.pixelSize: place.size
                    font.weight: place.head ? Font.Medium : Font.Normal
                    lineHeight: place.line
                }
            }
            Component {
                id: plainText
                Prose {
                    text: place.cell
                    color: place.ink
                    horizontalAlignment: place.alignment
                    font.family: place.family
                    font.pixelSize: place.size
                    font.weight: place.head ? Font.Medium : Font.Normal
                    lineHeight: place.line
                }
            }
            Rectangle {
                visible: place.row < grid.cells.rows - 1
                y: parent.height - 1
                width: parent.width
                height: 1
                color: place.head ? Theme.lineStrong : Theme.line
            }
        }
    }
}
