pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A heading over form rows; 24 above it. Without a heading, where the page's title says it already, 12.
Column {
    id: group

    property string heading: ""
    default property alias rows: rows.data

    width: parent ? parent.width : implicitWidth
    topPadding: Theme.px(heading === "" ? 12 : 24)
    TextLine {
        visible: group.heading !== ""
        width: parent.width
        text: group.heading
        style: Theme.h3
        Accessible.role: Accessible.Heading
    }
    Column {
        id: rows
        width: parent.width
    }
}
