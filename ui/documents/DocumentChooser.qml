// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs as Native
import Pellucid

// Chooses files or a folder for a collection; they stay where they are.
Item {
    id: chooser

    property string collection: ""
    signal chosen(urls: var, collection: string)

    function askFiles(id: string) {
        collection = id;
        files.active = true;
        (files.item as Native.FileDialog).open();
    }
    function askFolder(id: string) {
        collection = id;
        folder.active = true;
        (folder.item as Native.FolderDialog).open();
    }

    Loader {
        id: files
        active: false
        sourceComponent: Native.FileDialog {
            title: qsTr("Choose documents")
            fileMode: Native.FileDialog.OpenFiles
            onAccepted: chooser.chosen(selectedFiles, chooser.collection)
        }
    }
    Loader {
        id: folder
        active: false
        sourceComponent: Native.FolderDialog {
            title: qsTr("Choose a folder to follow")
            onAccepted: chooser.chosen([selectedFolder], chooser.collection)
        }
    }
}
