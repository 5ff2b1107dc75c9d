pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Pellucid
import Pellucid.Content

// The cells of a table. Columns take the width of their words; what is left over is shared out.
GridLayout {
    id: grid

    required property TableModel cells
    required property int room
    property bool quiet: false
    readonly property int firstWidth: repeater.count > 0 ? repeater.itemAt(0)?.width ?? 0 : 0
    readonly property int widestColumn: Theme.px(280)

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
            readonly property int wanted: Math.min(text.naturalWidth, grid.widestColumn) + Theme.px(24)

            Layout.row: row
            Layout.column: column
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumWidth: wanted
            Layout.preferredWidth: wanted
            implicitHeight: Math.max(Theme.px(head ? 34 : 32), text.implicitHeight + Theme.px(8))
            InlineText {
                id: text
                x: Theme.px(12)
                y: Math.round((place.height - implicitHeight) / 2) - Theme.px(2)   // fixed lines lead above the text
                width: place.width - Theme.px(24)
                source: place.cell
                color: place.head ? Theme.ink3 : grid.quiet ? Theme.ink2 : Theme.ink
                horizontalAlignment: place.side === "right" ? TextEdit.AlignRight
                                   : place.side === "center" ? TextEdit.AlignHCenter : TextEdit.AlignLeft
                font.family: place.side === "right" && !place.head ? Theme.figures : Theme.sans
                font.pixelSize: Theme.px(place.head ? 12 : grid.quiet ? 13 : 14)
                font.weight: place.head ? Font.Medium : Font.Normal
                lineHeight: Theme.px(place.head ? 16 : 22)
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
