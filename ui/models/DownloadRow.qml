pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// One download: name, figures, what happens now, a bar; pause and cancel, or what helps.
FocusScope {
    id: row

    required property int index
    required property DownloadItem download
    required property DownloadListModel downloads
    readonly property bool stacked: width < Theme.px(560)
    readonly property bool troubled: download.phase === "failed"
    readonly property color statusColor: download.phase === "retrying" ? Theme.warn : download.phase === "failed" ? Theme.bad
                                       : download.phase === "done" ? Theme.ok : Theme.ink2
    readonly property int room: width - Theme.px(58) - Theme.px(16)   // beside pause and cancel; bars end level

    implicitHeight: Theme.px(stacked ? 66 : 60) + (why.visible ? why.height + Theme.px(stacked ? 2 : 0) : 0)
    Accessible.role: Accessible.ListItem
    Accessible.name: download.description
    onActiveFocusChanged: if (activeFocus && ListView.view) ListView.view.positionViewAtIndex(index, ListView.Contain)

    TextLine {
        id: title
        y: Theme.px(8)
        width: row.stacked ? row.room : Math.min(implicitWidth, row.room - words.width - Theme.px(16))
        text: row.download.name
        weight: Font.Medium
        elide: Text.ElideMiddle
        Accessible.ignored: true
    }
    Row {
        id: words
        x: row.stacked ? 0 : row.room - width
        y: row.stacked ? Theme.px(28) : Theme.px(10)
        spacing: Theme.px(10)
        TextLine {
            id: amount
            text: row.download.figures
            style: Theme.label
            figures: true
            color: row.download.phase === "retrying" ? Theme.warn : Theme.ink2
            Accessible.ignored: true
        }
        Icon {
            visible: row.download.phase === "done" || row.troubled
            anchors.verticalCenter: amount.verticalCenter
            name: row.troubled ? "warn" : "check"
            size: Theme.px(14)
            color: row.statusColor
        }
        TextLine {
            width: Math.min(implicitWidth, row.room - amount.width - Theme.px(row.stacked ? 34 : 150) - (retry.visible ? retry.width + parent.spacing : 0))
            text: row.download.status
            style: Theme.label
            figures: true
            color: row.statusColor
            Accessible.ignored: true
        }
        LinkButton {
            id: retry
            visible: row.troubled
            y: Math.round((amount.height - height) / 2)
            text: qsTr("Retry")
            Accessible.name: qsTr("Retry %1").arg(row.download.name)
            onClicked: row.downloads.resume(row.download.downloadId)
        }
    }
    Rectangle {
        y: row.stacked ? Theme.px(50) : Theme.px(36)
        width: row.room
        height: Theme.px(4)
        radius: 2
        color: Theme.barEmpty
        Accessible.role: Accessible.ProgressBar
        Accessible.name: row.download.percent
        Rectangle {
            width: Math.round(parent.width * Math.max(0, Math.min(1, row.download.share)))
            height: parent.height
            radius: 2
            color: row.download.phase === "checking" ? Theme.mem2 : row.download.phase === "retrying" ? Theme.warn
                 : row.troubled ? Theme.bad : row.download.phase === "running" ? Theme.accent
                 : row.download.phase === "done" ? Theme.ok : Theme.ctl
        }
    }
    Prose {
        id: why
        visible: row.download.hint !== "" && (row.troubled || row.download.phase === "paused")
        y: Theme.px(row.stacked ? 58 : 44)
        width: row.room
        text: row.download.hint
        style: Theme.label
        color: Theme.ink3
    }
    Row {
        id: buttons
        x: row.width - width
        y: Theme.px(row.stacked ? 20 : 16)
        spacing: Theme.px(2)
        IconButton {
            visible: !row.troubled && row.download.phase !== "checking" && row.download.phase !== "done"
            iconName: row.download.phase === "paused" ? "play" : row.download.phase === "retrying" ? "redo" : "pause"
            restColor: Theme.ink2
            text: (row.download.phase === "paused" ? qsTr("Resume %1") : row.download.phase === "retrying" ? qsTr("Retry %1 now")
                                          : qsTr("Pause %1")).arg(row.download.name)
            onClicked: row.download.phase === "paused" || row.download.phase === "retrying" ? row.downloads.resume(row.download.downloadId)
                                                                          : row.downloads.pause(row.download.downloadId)
        }
        IconButton {
            visible: row.download.phase !== "done"
            iconName: "x"
            restColor: Theme.ink2
            text: qsTr("Cancel the download of %1").arg(row.download.name)
            onClicked: row.downloads.cancel(row.download.downloadId)
        }
    }
}
