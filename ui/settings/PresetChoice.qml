// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// The preset that the settings of the model follow: another one, these settings under a name, another name, none.
PushButton {
    id: button

    required property PresetList presets
    readonly property bool named: presets.current !== ""
    readonly property string shown: !named ? qsTr("None") : presets.modified ? qsTr("%1, changed").arg(presets.current) : presets.current

    kind: PushButton.Ghost
    trailingIcon: "down"
    text: qsTr("Preset: %1").arg(shown)
    onClicked: menu.toggle()
    Keys.onDownPressed: menu.open()

    PopupMenu {
        id: menu
        alignEnd: true
        implicitWidth: Math.min(room, Math.max(Theme.px(220), Math.min(widest, Theme.px(420))))
        MenuRow {
            choice: true
            chosen: !button.named
            text: qsTr("None: the model's own defaults")
            onTriggered: button.presets.choose("")
        }
        Repeater {
            model: button.presets.names
            MenuRow {
                required property string modelData
                choice: true
                chosen: modelData === button.presets.current
                text: modelData
                detail: chosen && button.presets.modified ? qsTr("Changed") : ""
                onTriggered: button.presets.choose(modelData)
            }
        }
        Divider { width: parent ? parent.width : 0 }
        MenuRow {
            visible: button.named && button.presets.modified
            text: qsTr("Keep the changes in %1").arg(button.presets.current)
            onTriggered: button.presets.save(button.presets.current)
        }
        MenuRow {
            text: qsTr("Save as a preset…")
            onTriggered: names.ask("")
        }
        MenuRow {
            visible: button.named
            text: qsTr("Rename…")
            onTriggered: names.ask(button.presets.current)
        }
        MenuRow {
            visible: button.named
            danger: true
            text: qsTr("Delete…")
            onTriggered: {
                sure.active = true;
                (sure.item as ModalDialog).open();
            }
        }
    }
    Loader {
        id: names
        active: false
        sourceComponent: PresetDialog { presets: button.presets }

        function ask(from: string) {
            active = true;
            (item as PresetDialog).ask(from);
        }
    }
    Loader {
        id: sure
        active: false
        sourceComponent: ModalDialog {
            title: qsTr("Delete the preset %1?").arg(button.presets.current)
            sentence: qsTr("The settings stay as they are now.")
            actText: qsTr("Delete")
            losesData: true
            onAccepted: button.presets.remove(button.presets.current)
        }
    }
}
