pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// The 48 px bar on top of every pane: title at the start, tools at the end, hairline below. Where the sidebar is an
// overlay or hidden, the menu button stands before the title.
Item {
    id: header

    property alias title: titleLine.text
    property string subtitle: ""
    property bool menuButton: false
    property bool backButton: false
    default property alias tools: tools.data
    signal menuAsked
    signal backAsked

    implicitHeight: Theme.header

    IconButton {
        id: menu
        visible: header.menuButton
        x: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "menu"
        restColor: Theme.ink2
        text: qsTr("Show sidebar")
        keys: "Ctrl+B"
        onClicked: header.menuAsked()
    }
    IconButton {
        id: back
        visible: header.backButton
        x: menu.visible ? menu.x + menu.width + Theme.px(4) : Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "back"
        restColor: Theme.ink2
        text: qsTr("Back")
        onClicked: header.backAsked()
    }
    TextLine {
        id: titleLine
        x: back.visible ? back.x + back.width + Theme.px(8) : menu.visible ? menu.x + menu.width + Theme.px(10) : Theme.px(24)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, header.width - x - tools.width - Theme.px(24))
        weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    TextLine {
        visible: header.subtitle !== "" && width > Theme.px(40)
        x: titleLine.x + titleLine.width + Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, header.width - x - tools.width - Theme.px(24))
        text: header.subtitle
        style: Theme.label
        color: Theme.ink3
    }
    Row {
        id: tools
        x: header.width - width - Theme.px(header.width < Theme.px(640) ? 10 : 16)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(4)
    }
    Divider {
        y: parent.height - 1
        width: parent.width
    }
}
