pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Speculation: guesses about the next tokens, checked several at a time by the model. What it writes stays the same.
Column {
    id: rows

    required property ModelSettingsBackend backend

    width: parent ? parent.width : implicitWidth
    FormRow {
        label: qsTr("Guess ahead")
        help: rows.backend.guessing === ModelSettingsBackend.NoGuessing ? qsTr("Guesses the next words and checks several at once. The answer stays the same")
            : rows.backend.guessing === ModelSettingsBackend.FromText ? qsTr("Faster where an answer repeats what stands before it; no gain elsewhere")
                                          : qsTr("A smaller model guesses, this one checks. Takes the memory of both")
        key: "guessing"
        changedKeys: rows.backend.changedKeys
        onReset: rows.backend.reset("guessing")
        Segmented {
            name: qsTr("Guess ahead")
            options: [qsTr("Off"), qsTr("From the text"), qsTr("Smaller model")]
            current: rows.backend.guessing
            onChosen: index => rows.backend.guessing = index
        }
    }
    FormRow {
        visible: rows.backend.guessing === ModelSettingsBackend.BySmallerModel
        label: qsTr("Smaller model")
        help: rows.backend.draftModels.length > 0 ? qsTr("It must have the same vocabulary")
                                                  : qsTr("No smaller model with the same vocabulary is in your list")
        key: "draftModel"
        changedKeys: rows.backend.changedKeys
        onReset: rows.backend.reset("draftModel")
        DraftChoice { backend: rows.backend }
    }
}
