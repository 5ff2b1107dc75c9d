// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// Out of the library: what was read is forgotten, the file stays.
ModalDialog {
    id: dialog

    required property DocumentLibrary library
    property string what: ""
    property int kind: DocumentListModel.Document
    property string name: ""

    function ask(id: string, called: string, of: int) {
        what = id;
        name = called;
        kind = of;
        open();
    }

    title: kind === DocumentListModel.Collection ? qsTr("Remove the collection?")
         : kind === DocumentListModel.Folder ? qsTr("Stop following this folder?") : qsTr("Remove the document?")
    sentence: kind === DocumentListModel.Document
              ? qsTr("What was read of %1 is forgotten. The file itself stays where it is.").arg(name)
              : qsTr("What was read of the documents of %1 is forgotten. The files themselves stay where they are.").arg(name)
    actText: kind === DocumentListModel.Folder ? qsTr("Stop following") : qsTr("Remove")
    losesData: true
    onAccepted: {
        switch (kind) {
        case DocumentListModel.Collection: library.removeCollection(what); break;
        case DocumentListModel.Folder: library.removeFolder(what); break;
        default: library.removeDocument(what);
        }
    }
}
