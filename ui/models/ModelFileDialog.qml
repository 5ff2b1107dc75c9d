// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs
import Pellucid
import Pellucid.App

// Chooses a GGUF file; it stays where it is.
Item {
    id: chooser

    required property ModelController models

    function ask() {
        dialog.active = true;
        (dialog.item as FileDialog).open();
    }

    Loader {
        id: dialog
        active: false
        sourceComponent: FileDialog {
            title: qsTr("Choose a model")
            nameFilters: [qsTr("GGUF models (*.gguf)")]
            onAccepted: chooser.models.addFile(selectedFile)
        }
    }
}
