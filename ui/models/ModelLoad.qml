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

    implicitHeight: loading ? Theme.px(32) : Math.max(Theme.px(36), words.implicitHeight)
    height: implicitHeight

    Row {
        visible: load.loading
        width: parent.width
        height: parent.height
        spacing: Theme.px(12)
        Gauge {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.max(Theme.px(96), parent.width - label.width - cancel.width - Theme.px(24))
            share: load.models.loadProgress
            name: load.models.loadText
        }
        TextLine {
            id: label
            anchors.verticalCenter: parent.verticalCenter
            text: load.models.loadText
            figures: true
            color: Theme.ink2
        }
        IconButton {
            id: cancel
            anchors.verticalCenter: parent.verticalCenter
            iconName: "x"
            text: qsTr("Cancel loading")
            onClicked: load.models.cancelLoad()
        }
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
