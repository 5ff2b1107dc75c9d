pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A heading over form rows; 24 above it.
Column {
    id: group

    required property string heading
    default property alias rows: rows.data

    width: parent ? parent.width : implicitWidth
    topPadding: Theme.px(24)
    TextLine {
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
