pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// Under the chosen model's row: how far it is loaded, or why it was not.
Item {
    id: load

    required property ModelController models
    readonly property bool loading: models.state === ModelController.Loading

    // Without room for both in one line, the words stand over the bar.
    readonly property bool stacked: width < label.implicitWidth + cancel.width + Theme.px(160)

    implicitHeight: loading ? Theme.px(stacked ? 48 : 32) : Math.max(Theme.px(36), words.implicitHeight)
    height: implicitHeight

    Gauge {
        id: gauge
        visible: load.loading
        y: load.stacked ? Theme.px(36) : Math.round((parent.height - height) / 2)
        width: load.stacked ? parent.width : parent.width - label.width - cancel.width - Theme.px(24)
        share: load.models.loadProgress
        name: load.models.loadText
    }
    TextLine {
        id: label
        visible: load.loading
        x: load.stacked ? 0 : cancel.x - width - Theme.px(12)
        y: Theme.px(6)
        width: Math.min(implicitWidth, cancel.x - Theme.px(12))
        text: load.models.loadText
        figures: true
        color: Theme.ink2
    }
    IconButton {
        id: cancel
        visible: load.loading
        x: parent.width - width
        y: Theme.px(2)
        iconName: "x"
        text: qsTr("Cancel loading")
        onClicked: load.models.cancelLoad()
    }
    Icon {
        visible: !load.loading
        y: Theme.px(2)
        name: "warn"
        size: Theme.px(16)
        color: Theme.bad
    }
    Column {
        id: words
        visible: !load.loading
        x: Theme.px(26)
        width: parent.width - x - again.width - Theme.px(12)
        Prose {
            width: parent.width
            text: load.models.errorWhat
            font.weight: Font.Medium
        }
        Prose {
            width: parent.width
            visible: text !== ""
            text: load.models.errorHint
            color: Theme.ink2
        }
    }
    PushButton {
        id: again
        visible: !load.loading
        x: parent.width - width
        text: qsTr("Try again")
        onClicked: load.models.reload()
    }
}
