pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// "‹ 2 / 3 ›": which version of a message is shown. Alt+Left and Alt+Right do the same.
Row {
    id: switcher

    required property int index
    required property int count
    signal switched(int by)

    height: Theme.px(28)
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Version %1 of %2").arg(index).arg(count)
    Keys.onPressed: event => {
        if ((event.modifiers & Qt.AltModifier) && (event.key === Qt.Key_Left || event.key === Qt.Key_Right)) {
            event.accepted = true;
            switched(event.key === Qt.Key_Left ? -1 : 1);
        }
    }
    IconButton {
        anchors.verticalCenter: parent.verticalCenter
        size: 24
        iconSize: 12
        restColor: Theme.ink2
        iconName: "left"
        enabled: switcher.index > 1
        text: qsTr("Earlier version")
        keys: "Alt+←"
        onClicked: switcher.switched(-1)
    }
    TextLine {
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("%1 / %2").arg(switcher.index).arg(switcher.count)
        figures: true
        color: Theme.ink2
    }
    IconButton {
        anchors.verticalCenter: parent.verticalCenter
        size: 24
        iconSize: 12
        restColor: Theme.ink2
        iconName: "right"
        enabled: switcher.index < switcher.count
        text: qsTr("Later version")
        keys: "Alt+→"
        onClicked: switcher.switched(1)
    }
}
