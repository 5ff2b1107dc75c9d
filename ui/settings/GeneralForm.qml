// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Dialogs
import Pellucid
import Pellucid.App

Column {
    id: form

    required property AppContext app
    readonly property SettingsBackend settings: app.settings

    FormGroup {
        heading: qsTr("Language and start")
        FormRow {
            label: qsTr("Language")
            key: "language"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("language")
            LanguageChoice { app: form.app }
        }
        FormRow {
            label: qsTr("Load the last model at start")
            help: qsTr("Off: it is loaded with the first message")
            key: "loadModelAtStart"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("loadModelAtStart")
            Toggle {
                text: qsTr("Load the last model at start")
                on: form.settings.loadModelAtStart
                onFlipped: on => form.settings.loadModelAtStart = on
            }
        }
        FormRow {
            id: idle
            readonly property list<int> seconds: [0, 300, 1800, 7200, -1]
            label: qsTr("Unload a model that nobody uses")
            help: qsTr("Its memory is free again; the next message loads it")
            last: true
            key: "keepAliveSeconds"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("keepAliveSeconds")
            PopupButton {
                name: qsTr("Unload a model that nobody uses")
                options: [qsTr("At once"), qsTr("After 5 minutes"), qsTr("After 30 minutes"), qsTr("After 2 hours"), qsTr("Never")]
                current: idle.seconds.indexOf(form.settings.keepAliveSeconds)
                onChosen: index => form.settings.keepAliveSeconds = idle.seconds[index]
            }
        }
    }
    FormGroup {
        heading: qsTr("Chats")
        FormRow {
            label: qsTr("Follow the answer while it is written")
            help: qsTr("Scrolling up always stops it")
            key: "autoScroll"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("autoScroll")
            Toggle {
                text: qsTr("Follow the answer while it is written")
                on: form.settings.autoScroll
                onFlipped: on => form.settings.autoScroll = on
            }
        }
        FormRow {
            label: qsTr("Show statistics under answers")
            help: qsTr("Speed, tokens and time to the first token")
            key: "showStatistics"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("showStatistics")
            Toggle {
                text: qsTr("Show statistics under answers")
                on: form.settings.showStatistics
                onFlipped: on => form.settings.showStatistics = on
            }
        }
        FormRow {
            label: qsTr("Unload an idle model")
            help: qsTr("After half an hour without use its memory is free again; the next message loads it")
            key: "keepAliveSeconds"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("keepAliveSeconds")
            Toggle {
                text: qsTr("Unload an idle model")
                on: form.settings.keepAliveSeconds >= 0
                onFlipped: on => form.settings.keepAliveSeconds = on ? 1800 : -1
            }
        }
        FormRow {
            label: qsTr("Import chats")
            help: qsTr("From Pellucid, ChatGPT or LM Studio")
            PushButton {
                text: qsTr("Choose file…")
                enabled: !form.app.exchange.busy
                onClicked: files.ask(true)
            }
        }
        FormRow {
            label: qsTr("Export all chats")
            help: qsTr("One JSON file with every message and thought")
            last: true
            PushButton {
                text: qsTr("Export…")
                enabled: !form.app.exchange.busy
                onClicked: files.ask(false)
            }
        }
    }
    FormGroup {
        heading: qsTr("Folders")
        FormRow {
            label: qsTr("Data")
            help: form.settings.dataFolder
            PushButton {
                text: qsTr("Open")
                Accessible.name: qsTr("Open the data folder")
                onClicked: form.app.openFolder(form.settings.dataFolder)
            }
        }
        FormRow {
            label: qsTr("Models")
            help: form.settings.modelsFolder
            PushButton {
                text: qsTr("Open")
                Accessible.name: qsTr("Open the models folder")
                onClicked: form.app.openFolder(form.settings.modelsFolder)
            }
        }
        ModelSpaceRows { keeping: form.app.keeping }
    }
    Item { width: 1; height: Theme.px(24) }
    TextLine {
        text: qsTr("Pellucid %1").arg(form.app.version)
        style: Theme.label
        color: Theme.ink3
    }
    Item {
        id: files

        function ask(reading: bool) {
            (reading ? opener : saver).active = true;
            ((reading ? opener : saver).item as FileDialog).open();
        }
        Loader {
            id: opener
            active: false
            sourceComponent: FileDialog {
                title: qsTr("Import chats")
                nameFilters: [qsTr("JSON (*.json)")]
                onAccepted: form.app.exchange.importFile(selectedFile)
            }
        }
        Loader {
            id: saver
            active: false
            sourceComponent: FileDialog {
                title: qsTr("Export all chats")
                fileMode: FileDialog.SaveFile
                defaultSuffix: "json"
                nameFilters: [qsTr("JSON (*.json)")]
                onAccepted: form.app.exchange.exportAll(selectedFile)
            }
        }
    }
}
