pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// An icon row of the sidebar: Chats, Models, a settings page.
T.TabButton {   // Qt 6.4 speaks the role of the type, whatever Accessible.role says
    id: row

    property string iconName: ""
    property string count: ""
    property bool chosen: false      // weight and colour
    property bool filled: chosen     // and the fill of a selection
    property string keys: ""

    implicitHeight: Theme.px(32)
    hoverEnabled: true
    checkable: false
    autoExclusive: false
    focusPolicy: Qt.StrongFocus
    Accessible.onPressAction: row.clicked()
    Accessible.name: count === "" ? text : text + ", " + count
    Accessible.selected: chosen
    Keys.onReturnPressed: row.clicked()
    Keys.onEnterPressed: row.clicked()
    contentItem: Item {
        Icon {
            visible: row.iconName !== ""
            x: Theme.px(8)
            anchors.verticalCenter: parent.verticalCenter
            name: row.iconName
            size: Theme.px(16)
            color: row.chosen ? Theme.ink : Theme.ink2
        }
        TextLine {
            x: Theme.px(row.iconName === "" ? 10 : 32)
            width: parent.width - x - counter.width - Theme.px(14)
            anchors.verticalCenter: parent.verticalCenter
            text: row.text
            weight: row.chosen ? Font.Medium : Font.Normal
            color: row.chosen ? Theme.ink : Theme.ink2
            Accessible.ignored: true
        }
        TextLine {
            id: counter
            x: parent.width - width - Theme.px(10)
            anchors.verticalCenter: parent.verticalCenter
            text: row.count
            style: Theme.label
            figures: true
            color: Theme.ink3
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: row.filled || row.down ? Theme.fillHover : row.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        FocusRing {
            shown: row.visualFocus
            radiusInside: Theme.px(6)
            anchors.margins: -2
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered && row.keys !== ""
        text: row.text
        keys: row.keys
    }
}
