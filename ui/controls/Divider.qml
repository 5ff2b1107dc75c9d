pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

Rectangle {
    property bool vertical: false

    implicitWidth: vertical ? 1 : 100
    implicitHeight: vertical ? 100 : 1
    color: Theme.line
}
