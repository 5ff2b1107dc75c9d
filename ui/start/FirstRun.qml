pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import Pellucid
import Pellucid.App
import Pellucid.Content

// No model yet: start with the small one that is included, fetch the one that suits this computer, or use a file.
FocusScope {
    id: start

    required property AppContext app
    readonly property ModelController models: app.models
    readonly property bool narrow: width < Theme.px(640)
    readonly property int columnWidth: Math.min(Theme.px(600), width - Theme.px(narrow ? 32 : 48))
    readonly property int columnX: Math.round((width - columnWidth) / 2)

    signal modelsAsked

    Component.onCompleted: app.discover.open()

    Connections {
        target: start.app.detail
        function onStarted() {
            start.modelsAsked();
        }
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    Row {
        id: choices
        x: parent.width - width - Theme.px(start.narrow ? 12 : 20)
        y: Theme.px(16)
        spacing: Theme.px(8)
        LanguageChoice {
            app: start.app
            edged: false
        }
        ThemeChoice {
            settings: start.app.settings
            edged: false
        }
    }
    Flickable {
        id: scroller
        y: choices.y + choices.height + Theme.px(8)
        width: parent.width
        height: parent.height - y
        contentHeight: column.y + column.height + Theme.px(64)
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        Column {
            id: column
            x: start.columnX
            y: Theme.px(start.height < 800 ? 16 : 80)
            width: start.columnWidth
            Mark { side: 44 }
            Item { width: 1; height: Theme.px(24) }
            Prose {
                width: parent.width
                text: qsTr("See how it thinks.")
                style: Theme.display
                Accessible.role: Accessible.Heading
            }
            Item { width: 1; height: Theme.px(7) }
            Prose {
                width: Math.min(parent.width, Theme.px(560))
                text: qsTr("Pellucid runs open reasoning models on this computer. No account, and nothing is sent anywhere unless you ask.")
                style: Theme.body
                color: Theme.ink2
            }
            Item { width: 1; height: Theme.px(33) }
            StartCard {
                visible: start.models.starterAvailable
                width: parent.width
                focus: visible
                best: true
                title: qsTr("Start with the small model")
                sentence: start.models.installingStarter ? qsTr("Putting %1 in place…").arg(start.models.starterName)
                                                         : start.models.starterText
                actText: qsTr("Start")
                busy: start.models.installingStarter
                onActed: start.models.installStarter()
            }
            Item { visible: start.models.starterAvailable; width: 1; height: Theme.px(12) }
            StartCard {
                visible: start.app.discover.bestId !== ""
                width: parent.width
                title: qsTr("Download a reasoning model")
                sentence: qsTr("%1, the best fit for this computer.").arg(start.app.discover.bestName)
                severity: start.app.discover.bestSeverity
                verdict: start.app.discover.bestVerdict
                facts: start.app.discover.bestFacts
                actText: qsTr("Download")
                onActed: start.app.detail.downloadBest()
            }
            Item { visible: start.app.discover.bestId !== ""; width: 1; height: Theme.px(12) }
            StartCard {
                width: parent.width
                focus: !start.models.starterAvailable
                best: !start.models.starterAvailable
                title: qsTr("Use a model you already have")
                sentence: qsTr("Choose a GGUF file, or drop one anywhere. It stays where it is.")
                actText: qsTr("Choose file")
                onActed: chooser.ask()
            }
            Item { width: 1; height: Theme.px(8) }
            PushButton {
                x: -leftPadding   // its words under the cards' edge; the edge of a ghost is not seen
                kind: PushButton.Ghost
                text: qsTr("Look around without a model")
                onClicked: start.app.leaveFirstRun()
            }
            Item { width: 1; height: Theme.px(24) }
            MachineFacts {
                width: parent.width
                system: start.app.system
            }
        }
    }
    Row {
        x: Math.round((parent.width - width) / 2)
        y: parent.height - height - Theme.px(start.narrow ? 24 : 38)
        visible: parent.height > Theme.px(760) && scroller.contentHeight <= scroller.height
        spacing: Theme.px(8)
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "lock"
            size: Theme.px(14)
            color: Theme.ink3
        }
        TextLine {
            text: qsTr("Network off until you download something")
            style: Theme.label
            color: Theme.ink2
        }
    }
    DropArea {
        anchors.fill: parent
        keys: ["text/uri-list"]
        onDropped: drop => {
            if (drop.urls.length > 0) {
                start.models.addFile(drop.urls[0]);
            }
        }
        Rectangle {
            visible: (parent as DropArea).containsDrag
            anchors.fill: parent
            anchors.margins: 8
            radius: 12
            color: "transparent"
            border.width: 2
            border.color: Theme.accent
        }
    }
    ModelFileDialog {
        id: chooser
        models: start.models
    }
}
