pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// One quiet line under the header for something that lasts: a read-only data folder, a second copy of the app.
Rectangle {
    id: bar

    required property string what
    required property string hint
    signal dismissed

    implicitHeight: what === "" ? 0 : Math.max(Theme.px(40), words.implicitHeight + Theme.px(20))
    visible: what !== ""
    color: Theme.warnTint
    Accessible.role: Accessible.AlertMessage
    Accessible.name: what + " " + hint

    Icon {
        x: Theme.px(24)
        y: Theme.px(12)
        name: "warn"
        size: Theme.px(16)
        color: Theme.warn
    }
    Prose {
        id: words
        x: Theme.px(50)
        y: Math.round((parent.height - height) / 2)
        width: parent.width - x - Theme.px(56)
        text: bar.hint === "" ? bar.what : bar.what + " " + bar.hint
    }
    IconButton {
        x: parent.width - width - Theme.px(16)
        y: Theme.px(6)
        iconName: "x"
        iconSize: 12
        text: qsTr("Dismiss")
        onClicked: bar.dismissed()
    }
}
