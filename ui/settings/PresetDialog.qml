// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// The name of a preset: a new one, or another name for one that is there.
ModalDialog {
    id: dialog

    required property PresetList presets
    property string from: ""       // the preset to rename; empty: the settings as they are become one
    readonly property string typed: nameField.text.trim()
    readonly property bool taken: typed !== "" && typed !== from && presets.names.includes(typed)

    title: from === "" ? qsTr("Save as a preset") : qsTr("Rename %1").arg(from)
    sentence: from === "" ? qsTr("Keeps how this model thinks, how it chooses words, and its system prompt.") : ""
    actText: from === "" ? taken ? qsTr("Replace") : qsTr("Save") : qsTr("Rename")
    actEnabled: typed !== "" && !(from !== "" && (taken || typed === from))
    onOpened: {
        nameField.text = from;
        nameField.selectAll();
        nameField.forceActiveFocus(Qt.TabFocusReason);
    }
    onAccepted: from === "" ? presets.save(typed) : presets.rename(from, typed)

    function ask(name: string) {
        from = name;
        open();
    }

    Field {
        id: nameField
        width: parent.width
        placeholderText: qsTr("Name of the preset")
        maximumLength: 60
        bad: dialog.from !== "" && dialog.taken
        onAccepted: if (dialog.actEnabled) dialog.accept()
    }
    Prose {
        width: parent.width
        visible: dialog.taken
        text: dialog.from === "" ? qsTr("There is one of this name; it will be replaced.") : qsTr("Another preset has this name.")
        style: Theme.label
        color: dialog.from === "" ? Theme.warn : Theme.bad
    }
}
