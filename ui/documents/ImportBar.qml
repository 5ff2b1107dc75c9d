pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// The work of reading: how much is done, what is read now, how long it will take; pause. What stands in its way.
FocusScope {
    id: bar

    required property DocumentLibrary library
    property int gutter: 24

    implicitHeight: words.height + Theme.px(28)
    Accessible.role: Accessible.Grouping
    Accessible.name: library.importText

    Rectangle {
        anchors.fill: parent
        color: Theme.side
    }
    Column {
        id: words
        x: bar.gutter
        y: Theme.px(10)
        width: parent.width - x - bar.gutter - button.width - Theme.px(12)
        Row {
            spacing: Theme.px(6)
            Icon {
                visible: bar.library.importTroubled
                anchors.verticalCenter: parent.verticalCenter
                name: "warn"
                size: Theme.px(14)
                color: Theme.bad
            }
            TextLine {
                width: Math.min(implicitWidth, words.width - (bar.library.importTroubled ? Theme.px(20) : 0))
                text: bar.library.importText
                weight: Font.Medium
                figures: true
                color: bar.library.importTroubled ? Theme.bad : Theme.ink
            }
        }
        Prose {
            visible: text !== "" && bar.library.importTroubled
            width: parent.width
            text: bar.library.importDetail
            style: Theme.label
            color: Theme.ink2
        }
        TextLine {
            visible: !bar.library.importTroubled
            objectName: "importFile"
            width: parent.width
            text: bar.library.importDetail
            elide: Text.ElideMiddle
            style: Theme.label
            color: Theme.ink3
        }
    }
    Rectangle {
        x: bar.gutter
        y: parent.height - Theme.px(12)
        width: parent.width - 2 * x
        height: Theme.px(4)
        radius: 2
        color: Theme.barEmpty
        Accessible.role: Accessible.ProgressBar
        Accessible.name: Math.round(bar.library.share * 100) + " %"
        Rectangle {
            width: Math.round(parent.width * bar.library.share)
            height: parent.height
            radius: 2
            color: bar.library.importTroubled ? Theme.bad : bar.library.paused ? Theme.ctl : Theme.accent
        }
    }
    IconButton {
        id: button
        x: parent.width - width - bar.gutter + Theme.px(6)
        y: Theme.px(8)
        iconName: bar.library.paused ? "play" : bar.library.importTroubled ? "redo" : "pause"
        restColor: Theme.ink2
        text: bar.library.paused ? qsTr("Go on reading") : bar.library.importTroubled ? qsTr("Try again") : qsTr("Pause reading")
        onClicked: bar.library.paused || bar.library.importTroubled ? bar.library.resume() : bar.library.pause()
    }
    Divider {
        y: parent.height - 1
        width: parent.width
    }
}
