// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// A table without an outer box: head, a rule, rows of at least 32. A wide one scrolls inside the column; its first
// column stays in sight.
Item {
    id: table

    required property string source
    property bool quiet: false
    readonly property bool scrolls: view.scrolls

    implicitHeight: grid.implicitHeight
    Accessible.role: Accessible.Table
    Accessible.name: qsTr("Table, %n column(s)", "", cellModel.columns)

    TableModel {
        id: cellModel
        source: table.source
    }

    SidewaysView {
        id: view
        anchors.fill: parent
        name: table.Accessible.name
        ground: table.quiet ? Theme.sunken : Theme.canvas
        fadedStart: false   // the pinned column stands there
        contentWidth: grid.width
        T.ScrollBar.horizontal: ScrollThumb {
            y: view.height - 10
        }
        TableGrid {
            id: grid
            cells: cellModel
            quiet: table.quiet
            room: table.width
        }
    }
    // The pinned first column: the same table, cut to its first column.
    Item {
        visible: table.scrolls && view.contentX > 0
        width: grid.firstWidth
        height: parent.height
        clip: true
        Rectangle {
            anchors.fill: parent
            color: table.quiet ? Theme.sunken : Theme.canvas
        }
        Loader {
            active: table.scrolls
            sourceComponent: TableGrid {
                cells: cellModel
                quiet: table.quiet
                room: table.width
                Accessible.ignored: true
            }
        }
        Divider {
            vertical: true
            x: parent.width - 1
            height: parent.height
        }
    }
}
