pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

Column {
    id: form

    required property AppContext app
    readonly property SettingsBackend settings: app.settings

    FormGroup {
        FormRow {
            label: qsTr("Theme")
            key: "theme"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("theme")
            Segmented {
                name: qsTr("Theme")
                options: [qsTr("Match system"), qsTr("Light"), qsTr("Dark")]
                current: form.settings.theme
                onChosen: index => form.settings.theme = index
            }
        }
        FormRow {
            label: qsTr("Size")
            help: qsTr("Type and spacing together; Ctrl+Plus and Ctrl+Minus")
            key: "zoom"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("zoom")
            ValueSlider {
                name: qsTr("Size in per cent")
                from: 80
                to: 200
                stepSize: 10
                snapMode: T.Slider.SnapOnRelease
                tick: 100
                value: form.settings.zoom
                live: false
                onPicked: value => form.settings.zoom = value
            }
            TextLine {
                width: Theme.px(48)
                height: Theme.px(28)
                y: Theme.px(4)
                horizontalAlignment: Text.AlignRight
                text: qsTr("%1 %").arg(form.settings.zoom)
                figures: true
            }
        }
        FormRow {
            label: qsTr("High contrast")
            help: qsTr("Darker secondary text and stronger lines")
            key: "highContrast"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("highContrast")
            Toggle {
                text: qsTr("High contrast")
                on: form.settings.highContrast
                onFlipped: on => form.settings.highContrast = on
            }
        }
        FormRow {
            label: qsTr("Reduce motion")
            help: qsTr("Nothing fades, folds or blinks")
            last: true
            key: "reducedMotion"
            changedKeys: form.settings.changedKeys
            onReset: form.settings.reset("reducedMotion")
            Toggle {
                text: qsTr("Reduce motion")
                on: form.settings.reducedMotion
                onFlipped: on => form.settings.reducedMotion = on
            }
        }
    }
}
