pragma ComponentBehavior: Bound
import QtQuick

// One row of the type table: logical pixels before zoom.
QtObject {
    property string family: "Inter"
    property real size: 13
    property real line: 20
    property int weight: Font.Normal
    property real tracking: 0
}
