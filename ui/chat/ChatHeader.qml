pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Title, how full the context is, export and more. In a narrow window the model moves into the menu.
PageHeader {
    id: header

    required property AppContext app
    property bool narrow: false
    readonly property ChatController chat: app.chat
    signal exportAsked(int format)
    signal modelsPageAsked

    title: chat.empty ? qsTr("New chat") : chat.title

    Row {
        visible: header.chat.contextLength > 0 && !header.chat.empty && header.width >= Theme.px(560)
        height: Theme.px(28)
        spacing: Theme.px(8)
        rightPadding: Theme.px(12)
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Context %L1 of %L2").arg(header.chat.contextUsed).arg(header.chat.contextLength)
            style: Theme.label
            figures: true
            color: Theme.ink2
        }
        Gauge {
            anchors.verticalCenter: parent.verticalCenter
            length: 48
            share: header.chat.contextLength > 0 ? header.chat.contextUsed / header.chat.contextLength : 0
            name: qsTr("Context in use")
        }
    }
    IconButton {
        visible: header.narrow
        iconName: "plus"
        restColor: Theme.ink
        text: qsTr("New chat")
        keys: "Ctrl+N"
        onClicked: header.app.conversations.newChat()
    }
    IconButton {
        visible: !header.narrow && !header.chat.empty
        iconName: "export"
        restColor: Theme.ink2
        text: qsTr("Export")
        onClicked: exportMenu.toggle()
        PopupMenu {
            id: exportMenu
            alignEnd: true
            MenuRow {
                text: qsTr("Markdown…")
                onTriggered: header.exportAsked(ExchangeController.Markdown)
            }
            MenuRow {
                text: qsTr("JSON…")
                onTriggered: header.exportAsked(ExchangeController.Json)
            }
        }
    }
    IconButton {
        iconName: "more"
        restColor: Theme.ink2
        text: qsTr("More")
        onClicked: moreMenu.toggle()
        PopupMenu {
            id: moreMenu
            alignEnd: true
            MenuRow {
                visible: header.narrow
                text: header.app.models.currentName === "" ? qsTr("Choose a model…")
                    : qsTr("Model: %1…").arg(header.app.models.currentName)
                onTriggered: header.modelsPageAsked()
            }
            MenuRow {
                visible: header.narrow && !header.chat.empty
                text: qsTr("Export as Markdown…")
                onTriggered: header.exportAsked(ExchangeController.Markdown)
            }
            MenuRow {
                visible: !header.chat.empty
                text: qsTr("Copy the whole chat")
                onTriggered: header.chat.copyAll()
            }
            MenuRow {
                text: qsTr("What the model reads…")
                enabled: header.app.models.currentId !== ""
                onTriggered: promptDialog.ask()
            }
            MenuRow {
                text: header.app.settings.showStatistics ? qsTr("Hide statistics") : qsTr("Show statistics")
                onTriggered: header.app.settings.showStatistics = !header.app.settings.showStatistics
            }
            MenuRow {
                visible: !header.chat.empty
                danger: true
                text: qsTr("Delete chat")
                onTriggered: header.app.conversations.remove(header.chat.conversationId)
            }
        }
    }
    PromptDialog {
        id: promptDialog
        chat: header.chat
    }
}
