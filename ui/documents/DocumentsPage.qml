// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// What can be asked: collections, the folders that they follow, their documents; above them the work of reading, and
// what needs a person.
FocusScope {
    id: page

    required property AppContext app
    property bool menuButton: false
    readonly property DocumentLibrary library: app.library
    readonly property bool narrow: width < Theme.px(560)
    readonly property int gutter: Theme.px(narrow ? 16 : 24)
    readonly property bool bare: library.ready && library.count === 0 && list.count === 0
    signal menuAsked
    signal chatAsked

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Documents")
    Keys.onPressed: event => {
        if (event.matches(StandardKey.Paste) && library.paste()) {
            event.accepted = true;
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    PageHeader {
        id: header
        width: parent.width
        title: qsTr("Documents")
        menuButton: page.menuButton
        onMenuAsked: page.menuAsked()
        PushButton {
            visible: !page.narrow
            kind: PushButton.Ghost
            size: 28
            iconName: "folder"
            text: qsTr("Add folder")
            onClicked: chooser.askFolder("")
        }
        PushButton {
            visible: !page.narrow
            kind: PushButton.Ghost
            size: 28
            iconName: "plus"
            text: qsTr("Add files")
            focus: true
            onClicked: chooser.askFiles("")
        }
        IconButton {
            visible: page.narrow
            iconName: "plus"
            restColor: Theme.ink2
            text: qsTr("Add")
            onClicked: addMenu.toggle()
            PopupMenu {
                id: addMenu
                alignEnd: true
                MenuRow {
                    iconName: "doc"
                    text: qsTr("Add files")
                    onTriggered: chooser.askFiles("")
                }
                MenuRow {
                    iconName: "folder"
                    text: qsTr("Add folder")
                    onTriggered: chooser.askFolder("")
                }
            }
        }
    }
    ImportBar {
        id: work
        visible: page.library.importing
        y: header.height
        width: parent.width
        height: visible ? implicitHeight : 0
        gutter: page.gutter
        library: page.library
    }
    Item {
        id: tools
        visible: page.library.count > 0
        x: page.gutter
        y: work.y + work.height + Theme.px(16)
        width: parent.width - 2 * x
        height: visible ? Theme.px(32) : 0
        Segmented {
            id: which
            name: qsTr("Show")
            options: [qsTr("All"), page.library.problems > 0 ? qsTr("To look at (%1)").arg(page.library.problems) : qsTr("To look at")]
            current: page.library.onlyProblems ? 1 : 0
            onChosen: index => page.library.onlyProblems = index === 1
        }
        Field {
            x: Math.max(which.width + Theme.px(12), parent.width - width)
            width: Math.max(Theme.px(96), Math.min(Theme.px(280), parent.width - which.width - Theme.px(12)))
            quiet: true
            clearable: true
            iconName: "search"
            placeholderText: qsTr("Filter by name")
            onTextEdited: page.library.filter(text)
        }
    }
    Prose {
        id: note
        visible: page.library.note !== "" && page.library.count > 0
        x: page.gutter
        y: tools.y + tools.height + Theme.px(8)
        width: parent.width - 2 * x
        height: visible ? implicitHeight : 0
        text: page.library.note
        style: Theme.label
        color: Theme.ink3
    }
    ListView {
        id: list
        objectName: "documentList"
        readonly property int ring: 4   // wider than its rows, so that its clip does not cut their focus rings
        x: page.gutter - ring
        y: note.y + note.height
        width: parent.width - 2 * x
        height: parent.height - y
        topMargin: ring
        bottomMargin: Theme.px(24)
        clip: true
        model: page.library.list
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 600
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Documents of this computer")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: LibraryRow {
            x: list.ring
            width: list.width - 2 * list.ring
            library: page.library
            narrow: page.narrow
            onOpenAsked: page.app.viewer.openDocument(rowId, name)
            onFilesAsked: chooser.askFiles(rowId)
            onFolderAsked: chooser.askFolder(rowId)
            onRenameAsked: renamer.ask(rowId, name)
            onRemoveAsked: remover.ask(rowId, name, kind)
            onChatAsked: {
                page.app.conversations.newChat();
                page.app.scope.askCollection(rowId);
                page.chatAsked();
            }
        }
    }
    Column {
        visible: page.bare
        x: Math.round((parent.width - width) / 2)
        y: Math.round(parent.height * 0.36)
        width: Math.min(Theme.px(440), parent.width - Theme.px(48))
        spacing: Theme.px(16)
        Prose {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Add papers, notes or whole folders and ask about them. They are read here and stay here.")
            color: Theme.ink2
        }
        Flow {
            x: Math.max(0, Math.round((parent.width - fileButton.width - folderButton.width - spacing) / 2))
            width: parent.width - x
            spacing: Theme.px(8)
            PushButton {
                id: fileButton
                kind: PushButton.Primary
                text: qsTr("Choose files")
                onClicked: chooser.askFiles("")
            }
            PushButton {
                id: folderButton
                text: qsTr("Choose a folder")
                onClicked: chooser.askFolder("")
            }
        }
    }
    Prose {
        visible: page.library.count > 0 && list.count === 0
        x: page.gutter
        y: list.y + Theme.px(24)
        width: parent.width - 2 * x
        text: page.library.onlyProblems && page.library.problems === 0 ? qsTr("Every document was read.") : qsTr("No document has this name.")
        color: Theme.ink2
    }
    DocumentChooser {
        id: chooser
        onChosen: (urls, collection) => page.library.add(urls, collection)
    }
    RenameDialog {
        id: renamer
        onNamed: (id, name) => page.library.renameCollection(id, name)
    }
    RemoveDialog {
        id: remover
        library: page.library
    }
    DropArea {
        id: drop
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: drop => page.library.add(drop.urls)
    }
    DropFrame {
        anchors.fill: parent
        shown: drop.containsDrag
        text: qsTr("Drop to add to the documents")
    }
}
