pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// What this computer has: device, memory, cores, free disk.
Flow {
    id: facts

    required property SystemInfo system

    spacing: 0
    Repeater {
        model: [[qsTr("Device"), facts.system.deviceText],
                [qsTr("Memory"), facts.system.memoryTotalText],
                [qsTr("Cores"), String(facts.system.cores)],
                [qsTr("Free disk"), facts.system.freeDiskText]]
        Row {
            id: pair
            required property list<string> modelData
            visible: modelData[1] !== ""
            height: Theme.px(24)
            rightPadding: Theme.px(20)
            spacing: Theme.px(6)
            TextLine {
                text: pair.modelData[0]
                style: Theme.label
                color: Theme.ink3
            }
            TextLine {
                text: pair.modelData[1]
                style: Theme.label
                figures: true
                color: Theme.ink2
            }
        }
    }
}
