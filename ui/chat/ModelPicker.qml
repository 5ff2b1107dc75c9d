pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// The model in use, with its loading under way; its menu lists the models on this computer.
T.Button {
    id: picker

    required property ModelController models
    property int room: 400
    readonly property bool loading: models.state === ModelController.Loading
    signal modelsPageAsked

    function openMenu() {
        if (visible) {
            forceActiveFocus(Qt.ShortcutFocusReason);
            menu.open();
        } else {
            modelsPageAsked();
        }
    }

    implicitHeight: Theme.px(32)
    implicitWidth: Math.min(room, row.implicitWidth + Theme.px(20))
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    text: loading ? models.loadText : models.currentName !== "" ? models.currentName : qsTr("Choose a model")
    Accessible.name: qsTr("Model: %1").arg(text)
    onClicked: menu.toggle()
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: picker.clicked()
    Keys.onEnterPressed: picker.clicked()
    contentItem: Item {
        Row {
            id: row
            anchors.verticalCenter: parent.verticalCenter
            x: Theme.px(10)
            spacing: Theme.px(6)
            Icon {
                visible: picker.models.state === ModelController.Failed
                anchors.verticalCenter: parent.verticalCenter
                name: "warn"
                size: Theme.px(14)
                color: Theme.bad
            }
            TextLine {
                width: Math.min(implicitWidth, picker.room - Theme.px(picker.loading ? 100 : 40))
                text: picker.text
                weight: Font.Medium
                color: picker.hovered ? Theme.ink : Theme.ink2
                Accessible.ignored: true
            }
            Gauge {
                visible: picker.loading
                anchors.verticalCenter: parent.verticalCenter
                length: 48
                share: picker.models.loadProgress
                name: picker.models.loadText
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "down"
                size: Theme.px(12)
                color: Theme.ink3
            }
        }
    }
    background: Rectangle {
        radius: Theme.px(8)
        color: picker.down || menu.visible ? Theme.fillHover : picker.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        FocusRing {
            shown: picker.visualFocus
            radiusInside: Theme.px(8)
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered && !menu.visible
        text: picker.models.needText !== "" ? picker.models.needText : qsTr("Choose a model")
        keys: "Ctrl+M"
    }
    ModelMenu {
        id: menu
        above: true
        models: picker.models
        onModelsPageAsked: picker.modelsPageAsked()
    }
}
