pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// What this computer has: device, memory, cores, free disk.
Flow {
    id: facts

    required property SystemInfo system
    readonly property list<string> names: [qsTr("Device"), qsTr("Memory"), qsTr("Cores"), qsTr("Free disk")]
    readonly property list<string> values: [system.deviceText, system.memoryTotalText, String(system.cores), system.freeDiskText]

    spacing: 0
    Repeater {
        model: 4
        Row {
            id: pair
            required property int index
            visible: facts.values[index] !== ""
            height: Theme.px(24)
            rightPadding: Theme.px(20)
            spacing: Theme.px(6)
            TextLine {
                text: facts.names[pair.index]
                style: Theme.label
                color: Theme.ink3
            }
            TextLine {
                text: facts.values[pair.index]
                style: Theme.label
                figures: true
                color: Theme.ink2
            }
        }
    }
}
