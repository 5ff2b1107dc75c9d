// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// The paper clip: files for this chat alone, or a collection to ask.
IconButton {
    id: button

    required property ChatScope scope
    required property DocumentLibrary library
    signal documentsPageAsked

    size: 32
    iconName: "attach"
    restColor: Theme.ink2
    text: qsTr("Ask documents")
    checked: menu.visible
    onClicked: menu.toggle()

    PopupMenu {
        id: menu
        above: true
        MenuRow {
            iconName: "attach"
            text: qsTr("Attach files…")
            onTriggered: chooser.askFiles("")
        }
        MenuRow {
            visible: button.library.count > 0
            choice: true
            chosen: button.scope.all
            text: qsTr("Ask all documents")
            detail: Number(button.library.count).toLocaleString(Qt.locale(), "f", 0)
            onTriggered: button.scope.askAll()
        }
        Repeater {
            model: button.library.collections
            MenuRow {
                required property var modelData
                choice: true
                chosen: button.scope.collection === modelData.id
                text: qsTr("Ask %1").arg(modelData.name)
                detail: modelData.facts
                onTriggered: button.scope.askCollection(modelData.id)
            }
        }
        MenuRow {
            iconName: "doc"
            text: qsTr("All documents…")
            onTriggered: button.documentsPageAsked()
        }
    }
    DocumentChooser {
        id: chooser
        onChosen: urls => button.scope.attach(urls)
    }
}
