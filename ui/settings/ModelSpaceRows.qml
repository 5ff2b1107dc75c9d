// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs as Dialogs
import Pellucid
import Pellucid.App

// The space that models take: to another disk, one copy of what is there twice, leftovers.
Column {
    id: rows

    required property ModelKeeping keeping

    width: parent ? parent.width : implicitWidth
    Component.onCompleted: keeping.lookForWaste()

    FormRow {
        label: qsTr("Move the models")
        help: rows.keeping.moving ? qsTr("Moving, %1 %").arg(Math.round(rows.keeping.moveShare * 100))
                                  : qsTr("To another folder or disk; stopped midway, every model is still whole")
        PushButton {
            enabled: !rows.keeping.moving
            text: qsTr("Move…")
            onClicked: chooser.ask()
        }
    }
    FormRow {
        visible: rows.keeping.duplicatesText !== ""
        height: visible ? implicitHeight : 0
        label: qsTr("Models that are there twice")
        help: rows.keeping.duplicatesText
        PushButton {
            text: qsTr("Keep one copy")
            onClicked: rows.keeping.shareDuplicates()
        }
    }
    FormRow {
        visible: rows.keeping.orphansText !== ""
        height: visible ? implicitHeight : 0
        label: qsTr("Leftover files")
        help: rows.keeping.orphansText
        PushButton {
            text: qsTr("Delete…")
            onClicked: {
                sure.active = true;
                (sure.item as ModalDialog).open();
            }
        }
    }
    Item {
        id: chooser

        function ask() {
            folders.active = true;
            (folders.item as Dialogs.FolderDialog).open();
        }
        Loader {
            id: folders
            active: false
            sourceComponent: Dialogs.FolderDialog {
                title: qsTr("Move the models")
                onAccepted: rows.keeping.moveTo(selectedFolder)
            }
        }
        Loader {
            id: sure
            active: false
            sourceComponent: ModalDialog {
                title: qsTr("Delete the leftover files?")
                sentence: rows.keeping.orphansText
                actText: qsTr("Delete")
                losesData: true
                onAccepted: rows.keeping.eraseOrphans()
            }
        }
    }
}
