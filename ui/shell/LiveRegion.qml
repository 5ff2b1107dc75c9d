pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Says "Thinking", "Paused", "Answer ready" to screen readers; never each token. It draws nothing.
Item {
    id: region

    required property ChatController chat

    width: 1
    height: 1
    Accessible.role: Accessible.AlertMessage
    Accessible.name: qsTr("Status")
    Connections {
        target: region.chat
        function onAnnounced(text: string) {
            region.Accessible.name = text;
        }
    }
}
