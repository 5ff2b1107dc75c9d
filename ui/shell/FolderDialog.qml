pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Puts a chat into a folder that is there, or into a new one.
ModalDialog {
    id: dialog

    required property ConversationListModel conversations
    signal picked(string name)

    title: qsTr("Put in a folder")
    sentence: qsTr("Type a new name, or choose a folder.")
    actText: qsTr("Move")
    onVisibleChanged: if (visible) nameField.text = ""
    onOpened: nameField.forceActiveFocus(Qt.TabFocusReason)
    onAccepted: if (nameField.text.trim() !== "") picked(nameField.text.trim())

    Field {
        id: nameField
        width: parent.width
        placeholderText: qsTr("Folder name")
        maximumLength: 60
        onAccepted: dialog.accept()
    }
    Flow {
        width: parent.width
        spacing: Theme.px(8)
        Repeater {
            model: dialog.conversations.folders
            PushButton {
                required property string modelData
                size: 28
                iconName: "folder"
                text: modelData
                onClicked: {
                    dialog.picked(modelData);
                    dialog.close();
                }
            }
        }
    }
}
