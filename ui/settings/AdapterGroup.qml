// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs as Dialogs
import Pellucid
import Pellucid.App

// The adapters (LoRA) of a model: which, how strong, at work or not.
FormGroup {
    id: group

    required property AdapterList adapters
    required property ModelController models

    heading: qsTr("Adapters")
    Repeater {
        model: group.adapters
        AdapterRow {
            width: group.width
            adapters: group.adapters
        }
    }
    Item {
        width: group.width
        implicitHeight: Math.max(add.height, why.height) + Theme.px(20)
        Prose {
            id: why
            y: Math.round((parent.height - height) / 2)
            width: add.x - Theme.px(16)
            text: group.adapters.count === 0 ? qsTr("A LoRA made for this model changes how it writes. The next answer follows it.")
                                             : qsTr("The next answer follows them; nothing is loaded again.")
            style: Theme.label
            color: Theme.ink3
        }
        PushButton {
            id: add
            x: parent.width - width
            y: Math.round((parent.height - height) / 2)
            text: qsTr("Add an adapter…")
            onClicked: chooser.ask()
        }
    }
    Item {
        id: chooser

        function ask() {
            files.active = true;
            (files.item as Dialogs.FileDialog).open();
        }
        Loader {
            id: files
            active: false
            sourceComponent: Dialogs.FileDialog {
                title: qsTr("Choose an adapter")
                nameFilters: [qsTr("Adapters (*.gguf adapter_config.json *.safetensors)")]
                onAccepted: group.models.addAdapter(selectedFile)
            }
        }
    }
}
