// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid

// Another name for a collection.
ModalDialog {
    id: dialog

    property string collection: ""
    signal named(id: string, name: string)

    function ask(id: string, name: string) {
        collection = id;
        field.text = name;
        open();
        field.forceActiveFocus(Qt.TabFocusReason);
        field.selectAll();
    }

    title: qsTr("Rename the collection")
    actText: qsTr("Rename")
    onOpened: field.forceActiveFocus(Qt.TabFocusReason)
    onAccepted: if (field.text.trim() !== "") named(collection, field.text)

    Field {
        id: field
        width: parent.width
        name: qsTr("Name of the collection")
        onAccepted: dialog.accept()
    }
}
