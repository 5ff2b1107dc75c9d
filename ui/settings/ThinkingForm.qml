pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

Column {
    id: form

    required property SettingsBackend settings

    FormGroup {
        FormRow {
            label: qsTr("Show thoughts")
            help: qsTr("A thought you fold or unfold yourself stays that way")
            last: true
            key: "thoughtDisplay"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("thoughtDisplay")
            Segmented {
                name: qsTr("Show thoughts")
                options: [qsTr("Open"), qsTr("While thinking"), qsTr("Closed")]
                current: form.settings.thoughtDisplay
                onChosen: index => form.settings.thoughtDisplay = index
            }
        }
    }
    Prose {
        width: parent.width
        topPadding: Theme.px(12)
        text: qsTr("When to think, and for how long, is a setting of each model.")
        style: Theme.label
        color: Theme.ink3
    }
}
