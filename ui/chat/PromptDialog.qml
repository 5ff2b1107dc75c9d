pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The prompt exactly as the model reads it, control tokens included.
ModalDialog {
    id: dialog

    required property ChatController chat

    function ask() {
        view.text = "";
        open();
        chat.requestPromptText();
    }

    width: Math.min(Theme.px(680), parent ? parent.width - 32 : Theme.px(680))
    title: qsTr("What the model reads")
    sentence: qsTr("The whole prompt, with the marks of the chat template.")
    safeText: qsTr("Close")

    Connections {
        target: dialog.chat
        function onPromptTextReady(text: string) {
            view.text = text;
        }
    }
    Rectangle {
        width: parent.width
        height: Theme.px(320)
        radius: Theme.px(10)
        color: Theme.sunken
        border.width: 1
        border.color: Theme.line
        Flickable {
            id: scroller
            anchors.fill: parent
            anchors.margins: Theme.px(12)
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ScrollThumb {}
            T.TextArea.flickable: T.TextArea {
                id: view
                readOnly: true
                selectByMouse: true
                wrapMode: TextEdit.Wrap
                textFormat: TextEdit.PlainText
                color: Theme.ink
                selectionColor: Theme.selection
                selectedTextColor: Theme.ink
                font.family: Theme.mono
                font.pixelSize: Theme.px(13)
                Accessible.name: qsTr("Prompt")
            }
        }
    }
}
