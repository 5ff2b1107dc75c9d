pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The inspector beside a model's settings.
FocusScope {
    id: plan

    required property ModelSettingsBackend backend

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
        Divider {
            vertical: true
            height: parent.height
        }
    }
    Item {
        x: Theme.px(24)
        width: parent.width - Theme.px(48)
        height: Theme.header
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Memory plan")
            weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        Verdict {
            x: parent.width - width
            anchors.verticalCenter: parent.verticalCenter
            fits: plan.backend.memoryFits
            text: plan.backend.memoryVerdict
        }
    }
    Divider {
        y: Theme.header - 1
        width: parent.width
    }
    MemoryBars {
        x: Theme.px(24)
        y: Theme.header + Theme.px(16)
        width: parent.width - Theme.px(48)
        headed: false
        backend: plan.backend
    }
}
