pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Pellucid
import Pellucid.Content

// The cells of a table. Columns take the width of their words; what is left over is shared out.
GridLayout {
    id: grid

    required property list<var> rows
    required property list<string> alignments
    required property int room
    property bool quiet: false
    readonly property int firstWidth: repeater.count > 0 ? (repeater.itemAt(0) as Item)?.width ?? 0 : 0

    columns: rows.length > 0 ? rows[0].length : 1
    columnSpacing: 0
    rowSpacing: 0
    width: Math.max(room, implicitWidth)

    Repeater {
        id: repeater
        model: grid.rows.length * grid.columns
        Item {
            id: cell
            required property int index
            readonly property int row: Math.floor(index / grid.columns)
            readonly property int column: index % grid.columns
            readonly property bool head: row === 0
            readonly property string side: grid.alignments[column] ?? "left"

            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumWidth: Math.min(text.naturalWidth, Theme.px(280)) + Theme.px(24)
            Layout.preferredWidth: Math.min(text.naturalWidth, Theme.px(280)) + Theme.px(24)
            implicitHeight: Math.max(Theme.px(head ? 34 : 32), text.implicitHeight + Theme.px(8))
            RichTextBlock {
                id: text
                x: Theme.px(12)
                width: cell.width - Theme.px(24)
                y: Math.round((cell.height - implicitHeight) / 2)
                html: grid.rows[cell.row][cell.column] ?? ""
                color: cell.head ? Theme.ink3 : grid.quiet ? Theme.ink2 : Theme.ink
                horizontalAlignment: cell.side === "right" ? Text.AlignRight : cell.side === "center" ? Text.AlignHCenter : Text.AlignLeft
                font.family: cell.side === "right" && !cell.head ? Theme.figures : Theme.sans
                font.pixelSize: Theme.px(cell.head ? 12 : grid.quiet ? 13 : 14)
                font.weight: cell.head ? Font.Medium : Font.Normal
                lineHeight: Theme.px(cell.head ? 16 : 22)
            }
            Rectangle {
                visible: cell.row < grid.rows.length - 1
                y: parent.height - 1
                width: parent.width
                height: 1
                color: cell.head ? Theme.lineStrong : Theme.line
            }
        }
    }
}
