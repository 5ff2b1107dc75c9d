// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// What is asked before something is fetched or deleted.
Item {
    id: dialogs

    required property AppContext app

    Connections {
        target: dialogs.app.detail
        function onTooLargeAsked() {
            large.active = true;
            (large.item as ModalDialog).open();
        }
        function onLicenceAsked() {
            licence.active = true;
            (licence.item as ModalDialog).open();
        }
    }
    Connections {
        target: dialogs.app.keeping
        function onRemovalAsked() {
            removal.active = true;
            (removal.item as ModalDialog).open();
        }
    }
    Loader {
        id: large
        active: false
        sourceComponent: ModalDialog {
            title: qsTr("It does not fit on this computer")
            sentence: qsTr("%1: %2. It can be downloaded, but not used here.").arg(dialogs.app.detail.name).arg(dialogs.app.detail.verdict)
            actText: dialogs.app.detail.downloadText
            onAccepted: dialogs.app.detail.downloadAnyway()
        }
    }
    Loader {
        id: licence
        active: false
        sourceComponent: ModalDialog {
            id: terms
            title: qsTr("Licence of %1").arg(dialogs.app.detail.name)
            sentence: qsTr("Its publisher asks you to agree to the %1 terms before you use it.").arg(dialogs.app.detail.licence)
            actText: qsTr("Agree and download")
            onAccepted: dialogs.app.detail.acceptLicence()
            LinkButton {
                visible: dialogs.app.detail.licenceUrl !== ""
                text: qsTr("Read the licence")
                onClicked: Qt.openUrlExternally(dialogs.app.detail.licenceUrl)
            }
        }
    }
    Loader {
        id: removal
        active: false
        sourceComponent: ModalDialog {
            title: dialogs.app.keeping.removalTitle
            sentence: dialogs.app.keeping.removalText
            actText: dialogs.app.keeping.removalAct
            losesData: dialogs.app.keeping.removalErases
            onAccepted: dialogs.app.keeping.remove()
        }
    }
}
