pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// Name, page, zoom, search, close. What has no room goes in this order: percent, zoom, page turning.
FocusScope {
    id: header

    required property DocumentViewer viewer
    property bool covering: false
    readonly property bool roomForZoom: width >= Theme.px(520)
    readonly property bool roomForPages: width >= Theme.px(380)
    signal searchAsked
    signal closeAsked

    implicitHeight: Theme.header

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    IconButton {
        id: back
        visible: header.covering
        x: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "back"
        restColor: Theme.ink2
        text: qsTr("Back to the chat")
        keys: "Esc"
        onClicked: header.closeAsked()
    }
    Icon {
        id: sign
        visible: !header.covering
        x: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        name: "doc"
        size: Theme.px(16)
        color: Theme.ink2
    }
    TextLine {
        objectName: "documentName"
        x: header.covering ? back.x + back.width + Theme.px(6) : sign.x + sign.width + Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.max(0, Math.min(implicitWidth, tools.x - x - Theme.px(12)))
        text: header.viewer.name
        elide: Text.ElideMiddle
        weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    Row {
        id: tools
        x: header.width - width - Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(2)
        IconButton {
            visible: header.viewer.paged && header.roomForPages
            iconName: "left"
            restColor: Theme.ink2
            text: qsTr("Previous page")
            enabled: header.viewer.page > 0
            why: qsTr("This is the first page")
            onClicked: header.viewer.goTo(header.viewer.page - 1)
        }
        TextLine {
            visible: header.viewer.paged
            anchors.verticalCenter: parent.verticalCenter
            text: header.viewer.pageText
            style: Theme.label
            figures: true
            color: Theme.ink2
        }
        IconButton {
            visible: header.viewer.paged && header.roomForPages
            iconName: "right"
            restColor: Theme.ink2
            text: qsTr("Next page")
            enabled: header.viewer.page + 1 < header.viewer.pages.count
            why: qsTr("This is the last page")
            onClicked: header.viewer.goTo(header.viewer.page + 1)
        }
        Item {
            visible: header.viewer.paged && header.roomForZoom
            width: Theme.px(12)
            height: 1
        }
        IconButton {
            visible: header.viewer.paged && header.roomForZoom
            iconName: "minus"
            restColor: Theme.ink2
            text: qsTr("Smaller")
            keys: "-"
            enabled: header.viewer.zoom > 50
            why: qsTr("Smaller it cannot be read")
            onClicked: header.viewer.zoomBy(-1)
        }
        TextLine {
            visible: header.viewer.paged && header.roomForZoom
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.px(36)
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("%1%").arg(header.viewer.zoom)
            style: Theme.label
            figures: true
            color: Theme.ink2
        }
        IconButton {
            visible: header.viewer.paged && header.roomForZoom
            iconName: "plus"
            restColor: Theme.ink2
            text: qsTr("Larger")
            keys: "+"
            enabled: header.viewer.zoom < 400
            why: qsTr("This is the largest size")
            onClicked: header.viewer.zoomBy(1)
        }
        Item {
            visible: header.roomForPages
            width: Theme.px(12)
            height: 1
        }
        IconButton {
            visible: Theme.dark && header.viewer.paged
            iconName: "moon"
            restColor: Theme.ink2
            text: qsTr("Darken pages")
            checked: header.viewer.darkened
            onClicked: header.viewer.darkened = !header.viewer.darkened
        }
        IconButton {
            iconName: "search"
            restColor: Theme.ink2
            text: qsTr("Search the document")
            keys: "Ctrl+F"
            enabled: header.viewer.ready
            why: qsTr("The document is not open yet")
            onClicked: header.searchAsked()
        }
        IconButton {
            visible: !header.covering
            iconName: "x"
            restColor: Theme.ink2
            text: qsTr("Close the document")
            keys: "Esc"
            onClicked: header.closeAsked()
        }
    }
    Divider {
        y: header.height - 1
        width: parent.width
    }
}
