// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs
import Pellucid
import Pellucid.App

// Asks where to write the shown conversation.
Item {
    id: exporter

    required property AppContext app
    property int format: ExchangeController.Markdown

    function ask(wanted: int) {
        format = wanted;
        dialog.active = true;
        (dialog.item as FileDialog).open();
    }

    Loader {
        id: dialog
        active: false
        sourceComponent: FileDialog {
            title: qsTr("Export chat")
            fileMode: FileDialog.SaveFile
            defaultSuffix: exporter.format === ExchangeController.Markdown ? "md" : "json"
            nameFilters: exporter.format === ExchangeController.Markdown ? [qsTr("Markdown (*.md)")] : [qsTr("JSON (*.json)")]
            onAccepted: exporter.app.exchange.exportConversation(exporter.app.chat.conversationId, selectedFile, exporter.format)
        }
    }
}
