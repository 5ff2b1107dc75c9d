pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// What is being fetched: one line of totals, and open, a row for each. It lies under the list and is never modal.
FocusScope {
    id: drawer

    required property DownloadListModel downloads
    property bool open: false
    property int gutter: Theme.px(24)
    readonly property bool tight: width < Theme.px(560)
    readonly property int opened: Math.min(Theme.px(240), Theme.px(60) + list.contentHeight)

    visible: downloads.count > 0
    implicitHeight: visible ? (open ? opened : Theme.px(48)) : 0
    Behavior on implicitHeight { NumberAnimation { duration: Theme.pane; easing.type: Easing.OutCubic } }
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Downloads")
    Keys.onEscapePressed: event => {
        event.accepted = open;
        open = false;
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.side
        Divider { width: parent.width }
    }
    TextLine {
        id: title
        x: drawer.gutter
        y: Theme.px(14)
        text: qsTr("Downloads")
        weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    TextLine {
        x: title.x + title.width + Theme.px(10)
        anchors.baseline: title.baseline
        width: Math.min(implicitWidth, tools.x - x - Theme.px(8))
        text: drawer.downloads.summary
        style: Theme.label
        figures: true
        color: Theme.ink2
    }
    Row {
        id: tools
        x: parent.width - width - drawer.gutter + Theme.px(6)
        y: Theme.px(10)
        spacing: Theme.px(8)
        PushButton {
            visible: !drawer.tight && (drawer.downloads.canPauseAll || drawer.downloads.canResumeAll)
            size: 28
            kind: PushButton.Ghost
            text: drawer.downloads.canPauseAll ? qsTr("Pause all") : qsTr("Resume all")
            onClicked: drawer.downloads.canPauseAll ? drawer.downloads.pauseAll() : drawer.downloads.resumeAll()
        }
        IconButton {
            iconName: drawer.open ? "down" : "up"
            restColor: Theme.ink2
            text: drawer.open ? qsTr("Hide downloads") : qsTr("Show downloads")
            onClicked: drawer.open = !drawer.open
        }
    }
    ListView {
        id: list
        visible: drawer.open
        x: drawer.gutter - 4
        y: Theme.px(48)
        width: parent.width - 2 * x
        height: Math.max(0, parent.height - y)
        clip: true
        model: drawer.downloads
        boundsBehavior: Flickable.StopAtBounds
        bottomMargin: Theme.px(8)
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Downloads")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: DownloadRow {
            x: 4
            width: list.width - 8
            downloads: drawer.downloads
        }
    }
}
