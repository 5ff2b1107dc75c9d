// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The models: those on this computer, and those that could be; beside them the one looked at, below them what is
// being fetched. Without room for both, the one looked at has the page to itself.
FocusScope {
    id: page

    required property AppContext app
    property bool menuButton: false
    property int tab: models.list.count === 0 && app.discover.count > 0 ? 1 : 0
    readonly property ModelController models: app.models
    readonly property ModelDetail detail: app.detail
    readonly property bool looking: detail.modelId !== ""
    readonly property bool docked: width >= Theme.px(1040)
    readonly property int middle: looking && docked ? width - Theme.px(400) : width
    readonly property bool narrow: middle < Theme.px(640)
    readonly property int gutter: Theme.px(narrow ? 16 : 24)
    // Numbers stay near the names that they belong to, however wide the list is.
    readonly property int shift: narrow ? 0 : Math.round(Math.max(0, middle - 2 * gutter - Theme.px(760)) * 0.3)
    signal menuAsked
    signal settingsAsked

    function look(modelId: string, local: bool) {
        local ? detail.showLocal(modelId) : detail.show(modelId);
        if (!docked) {
            inspector.forceActiveFocus(Qt.TabFocusReason);
        }
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Models")
    Component.onCompleted: {
        models.watched = true;
        app.discover.open();
        app.keeping.lookElsewhere();
    }
    Component.onDestruction: models.watched = false

    Connections {
        target: page.detail
        function onStarted() {
            drawer.open = true;
        }
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    FocusScope {
        id: lists
        width: page.middle
        height: parent.height
        visible: !page.looking || page.docked
        focus: visible
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
                onClicked: {
                    page.models.refresh();
                    page.app.keeping.lookElsewhere();
                }
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
        ModelTools {
            id: tools
            x: page.gutter
            y: header.height + Theme.px(16)
            width: parent.width - 2 * x
            discover: page.app.discover
            installed: page.models.list.count
            tab: page.tab
            onTabAsked: index => page.tab = index
        }
        ColumnHeads {
            id: heads
            readonly property bool offers: page.tab === 1
            visible: !page.narrow && (offers ? page.app.discover.count : page.models.list.count) > 0
            x: page.gutter
            y: tools.y + tools.height + Theme.px(8)
            width: parent.width - 2 * x
            height: visible ? implicitHeight : 0
            titles: offers ? [qsTr("Model"), qsTr("Download"), width >= Theme.px(720) ? qsTr("Speed here") : "", qsTr("On this computer")]
                           : [qsTr("Model"), qsTr("File"), "", qsTr("On this computer")]
            sizeEdge: width - page.shift - Theme.px(!offers ? 304 : width >= Theme.px(720) ? 325 : 228)
            speedEdge: width - page.shift - Theme.px(228)
            verdictX: width - page.shift - Theme.px(offers ? 192 : 272)
        }
        FoundOffer {
            id: found
            x: page.gutter
            y: heads.y + heads.height + Theme.px(heads.visible ? 8 : 4)
            width: parent.width - 2 * x
            keeping: page.app.keeping
            visible: page.tab === 0 && page.app.keeping.found.count > 0
        }
        ListView {
            id: list
            objectName: "modelList"
            readonly property int ring: 4   // wider than its rows, so that its clip does not cut their focus rings
            visible: page.tab === 0
            x: page.gutter - ring
            y: found.visible ? found.y + found.height + Theme.px(4) : heads.y + heads.height
            width: parent.width - 2 * x
            topMargin: ring
            height: drawer.y - y
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
                keeping: page.app.keeping
                narrow: page.narrow
                shift: page.shift
                chosen: page.detail.local && page.detail.modelId === modelId
                onSettingsAsked: page.settingsAsked()
                onClicked: page.look(modelId, true)
            }
            footer: Item {
                width: ListView.view ? ListView.view.width : 0
                implicitHeight: Theme.px(64)
                Prose {
                    visible: list.count > 0
                    x: list.ring + Theme.px(16)
                    y: Theme.px(24)
                    width: parent.width - 2 * x
                    text: qsTr("GGUF files in %1 are listed by themselves.").arg(page.models.modelsFolder)
                    style: Theme.label
                    color: Theme.ink3
                }
            }
        }
        OfferList {
            visible: page.tab === 1
            x: page.gutter - ring
            y: heads.y + heads.height
            width: parent.width - 2 * x
            height: drawer.y - y
            narrow: page.narrow
            shift: page.shift
            discover: page.app.discover
            detail: page.detail
            onAsked: modelId => page.look(modelId, false)
        }
        Column {
            visible: page.tab === 0 && list.count === 0
            x: Math.round((parent.width - width) / 2)
            y: Math.round(list.y + Math.max(Theme.px(24), (list.height - height) / 2 - Theme.px(40)))
            width: Math.min(Theme.px(440), parent.width - Theme.px(48))
            spacing: Theme.px(16)
            Prose {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: page.models.starterAvailable ? qsTr("No model yet. The small one that is included is ready in seconds.")
                                                   : qsTr("No model yet. Choose a GGUF file; it stays where it is.")
                color: Theme.ink2
            }
            Row {
                x: Math.round((parent.width - width) / 2)
                spacing: Theme.px(8)
                PushButton {
                    kind: PushButton.Primary
                    enabled: !page.models.installingStarter
                    text: page.models.starterAvailable ? qsTr("Start with %1").arg(page.models.starterName) : qsTr("Choose file")
                    onClicked: page.models.starterAvailable ? page.models.installStarter() : chooser.ask()
                }
                PushButton {
                    text: qsTr("See what fits here")
                    onClicked: page.tab = 1
                }
            }
        }
        DownloadsDrawer {
            id: drawer
            objectName: "downloadsDrawer"
            y: parent.height - height
            width: parent.width
            height: implicitHeight
            gutter: page.gutter
            downloads: page.app.downloads
        }
    }
    ModelInspector {
        id: inspector
        objectName: "modelInspector"
        visible: page.looking
        focus: visible && paged
        x: paged ? 0 : page.middle
        width: paged ? page.width : Theme.px(400)
        height: parent.height
        app: page.app
        paged: !page.docked
        onSettingsAsked: page.settingsAsked()
        onCloseAsked: {
            page.detail.close();
            lists.forceActiveFocus(Qt.TabFocusReason);
        }
    }
    ModelDialogs { app: page.app }
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
