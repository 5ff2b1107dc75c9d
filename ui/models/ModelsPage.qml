// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// The models on this computer: what each is, what it needs, whether it fits; load, unload, add a file.
FocusScope {
    id: page

    required property AppContext app
    property bool menuButton: false
    readonly property ModelController models: app.models
    readonly property bool narrow: width < Theme.px(640)
    readonly property int gutter: Theme.px(narrow ? 16 : 24)
    signal menuAsked
    signal settingsAsked

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Models")
    Component.onCompleted: models.watched = true
    Component.onDestruction: models.watched = false

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    PageHeader {
        id: header
        width: parent.width
        title: qsTr("Models")
        menuButton: page.menuButton
        onMenuAsked: page.menuAsked()
        IconButton {
            iconName: "redo"
            restColor: Theme.ink2
            text: qsTr("Look at the models folder again")
            onClicked: page.models.refresh()
        }
        PushButton {
            kind: PushButton.Ghost
            size: 28
            iconName: "folder"
            text: qsTr("Add from disk")
            focus: true
            onClicked: chooser.ask()
        }
    }
    Item {
        id: heads
        visible: list.count > 0 && !page.narrow
        x: page.gutter + Theme.px(16)
        y: header.height + Theme.px(8)
        width: parent.width - 2 * x
        height: visible ? Theme.px(36) : 0
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Model")
            style: Theme.label
            weight: Font.Medium
            color: Theme.ink3
        }
        TextLine {
            x: parent.width - Theme.px(320) - width
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("File")
            style: Theme.label
            weight: Font.Medium
            color: Theme.ink3
        }
        TextLine {
            x: parent.width - Theme.px(288)
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("On this computer")
            style: Theme.label
            weight: Font.Medium
            color: Theme.ink3
        }
        Divider {
            y: parent.height - 1
            x: -Theme.px(16)
            width: parent.width + Theme.px(32)
            color: Theme.lineStrong
        }
    }
    ListView {
        id: list
        objectName: "modelList"
        readonly property int ring: 4   // wider than its rows, so that its clip does not cut their focus rings
        x: page.gutter - ring
        y: heads.y + heads.height + Theme.px(4)
        width: parent.width - 2 * x
        topMargin: ring
        height: parent.height - y
        clip: true
        model: page.models.list
        boundsBehavior: Flickable.StopAtBounds
        bottomMargin: Theme.px(24)
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Models on this computer")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: ModelRow {
            x: list.ring
            width: list.width - 2 * list.ring
            models: page.models
            narrow: page.narrow
            onSettingsAsked: page.settingsAsked()
        }
        footer: Item {
            width: ListView.view ? ListView.view.width : 0
            implicitHeight: Theme.px(64)
            Prose {
                visible: list.count > 0
                x: list.ring + Theme.px(page.narrow ? 0 : 16)
                y: Theme.px(24)
                width: parent.width - 2 * x
                text: qsTr("GGUF files in %1 are listed by themselves.").arg(page.models.modelsFolder)
                style: Theme.label
                color: Theme.ink3
            }
        }
    }
    Column {
        visible: list.count === 0
        anchors.centerIn: parent
        width: Math.min(Theme.px(440), parent.width - Theme.px(48))
        spacing: Theme.px(16)
        Prose {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: page.models.starterAvailable ? qsTr("No model yet. The small one that is included is ready in seconds.")
                                               : qsTr("No model yet. Choose a GGUF file; it stays where it is.")
            color: Theme.ink2
        }
        PushButton {
            x: Math.round((parent.width - width) / 2)
            kind: PushButton.Primary
            enabled: !page.models.installingStarter
            text: page.models.starterAvailable ? qsTr("Start with %1").arg(page.models.starterName) : qsTr("Choose file")
            onClicked: page.models.starterAvailable ? page.models.installStarter() : chooser.ask()
        }
    }
    ModelFileDialog {
        id: chooser
        models: page.models
    }
    DropArea {
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: drop => {
            if (drop.urls.length > 0) {
                page.models.addFile(drop.urls[0]);
            }
        }
    }
}
