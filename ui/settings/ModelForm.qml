pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// Settings of the model in use. Saved at once; what needs a reload waits in the bar at the foot.
Column {
    id: form

    required property ModelSettingsBackend backend
    required property ModelController models
    property bool withPlan: false
    property bool withPreset: false   // where the header has no room for it

    FormGroup {
        visible: form.withPreset
        FormRow {
            label: qsTr("Preset")
            help: qsTr("These settings under a name")
            last: true
            PresetChoice {
                kind: PushButton.Secondary
                presets: form.backend.presets
                text: shown
                Accessible.name: qsTr("Preset: %1").arg(shown)
            }
        }
    }

    FormGroup {
        visible: form.backend.canThink
        heading: qsTr("Thinking")
        FormRow {
            label: qsTr("Think before answering")
            help: form.backend.canSwitchThinking ? qsTr("Auto lets the model skip it for short questions")
                                                 : qsTr("This model thinks as it was trained to")
            enabled: form.backend.canSwitchThinking
            key: "thinkingMode"
            changedKeys: form.backend.changedKeys
            onReset: form.backend.reset("thinkingMode")
            Segmented {
                name: qsTr("Think before answering")
                options: [qsTr("Auto"), qsTr("Always"), qsTr("Never")]
                current: form.backend.thinkingMode
                onChosen: index => form.backend.thinkingMode = index
            }
        }
        SliderRow {
            label: qsTr("Budget")
            help: qsTr("Tokens; then it answers with what it has")
            backend: form.backend
            key: "thinkingBudget"
            value: form.backend.thinkingBudget
            to: 16384
            step: 256
            decimals: 0
            zeroText: qsTr("No limit")
            onPicked: value => form.backend.thinkingBudget = value
        }
        FormRow {
            label: qsTr("Keep earlier thoughts in the context")
            help: qsTr("Where the model's template reads them")
            last: true
            key: "keepThoughts"
            changedKeys: form.backend.changedKeys
            onReset: form.backend.reset("keepThoughts")
            Toggle {
                text: qsTr("Keep earlier thoughts in the context")
                on: form.backend.keepThoughts
                onFlipped: on => form.backend.keepThoughts = on
            }
        }
    }
    SystemPromptGroup { backend: form.backend }
    SamplingGroup { backend: form.backend }
    AdapterGroup {
        adapters: form.backend.adapters
        models: form.models
    }
    FormGroup {
        heading: qsTr("Memory and device")
        SliderRow {
            label: qsTr("Context length")
            help: form.backend.trainedContext > 0 ? qsTr("Trained for %L1 tokens").arg(form.backend.trainedContext) : qsTr("Tokens")
            backend: form.backend
            key: "contextLength"
            value: form.backend.contextLength
            to: Math.max(2048, form.backend.trainedContext)
            step: 1024
            decimals: 0
            zeroText: qsTr("Automatic")
            onPicked: value => form.backend.contextLength = value
        }
        FormRow {
            label: qsTr("Context cache")
            help: cache.cost
            key: "kvFormat"
            changedKeys: form.backend.changedKeys
            onReset: form.backend.reset("kvFormat")
            CacheChoice {
                id: cache
                backend: form.backend
            }
        }
        GuessingRows { backend: form.backend }
        FormRow {
            label: qsTr("Device")
            key: "device"
            changedKeys: form.backend.changedKeys
            onReset: form.backend.reset("device")
            DeviceChoice { backend: form.backend }
        }
        SliderRow {
            label: qsTr("Threads")
            last: true
            backend: form.backend
            key: "threads"
            value: form.backend.threads
            to: form.backend.maxThreads
            step: 1
            decimals: 0
            zeroText: qsTr("Automatic")
            onPicked: value => form.backend.threads = value
        }
    }
    MemoryBars {
        visible: form.withPlan
        topPadding: Theme.px(24)
        width: parent.width
        backend: form.backend
    }
}
