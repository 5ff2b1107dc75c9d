pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// The memory plan of a model and what moves it: context, its cache, layers on the graphics card.
Column {
    id: view

    required property ModelDetail detail

    Item {
        width: parent.width
        height: Theme.px(36)
        TextLine {
            id: heading
            text: qsTr("Memory plan")
            weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        Verdict {
            x: parent.width - width
            severity: view.detail.severity
            text: view.detail.verdict
            widest: view.width - heading.width - Theme.px(16)
        }
    }
    MemoryBar {
        visible: view.detail.gpu.present
        width: parent.width
        plan: view.detail.gpu
    }
    Item {
        visible: view.detail.gpu.present
        width: 1
        height: Theme.px(16)
    }
    MemoryBar {
        visible: view.detail.system.present
        width: parent.width
        plan: view.detail.system
        parted: !view.detail.gpu.present
    }
    Item { width: 1; height: Theme.px(20) }
    Divider { width: parent.width }
    Item { width: 1; height: Theme.px(16) }
    Item {
        width: parent.width
        height: Theme.px(20)
        TextLine {
            id: contextWord
            text: qsTr("Context")
            weight: Font.Medium
        }
        TextLine {
            x: parent.width - width
            anchors.baseline: contextWord.baseline
            text: view.detail.contextText
            figures: true
        }
    }
    ValueSlider {
        width: parent.width
        enabled: view.detail.planned
        name: qsTr("Context, %1 tokens").arg(view.detail.contextText)
        from: 0
        to: 1
        stepSize: 0.02
        snapMode: ValueSlider.NoSnap
        value: view.detail.contextPosition
        tick: view.detail.fitsPosition
        onPicked: value => view.detail.contextPosition = value
    }
    Item {
        width: parent.width
        height: Theme.px(20)
        TextLine {
            id: least
            text: view.detail.contextLeastText
            style: Theme.label
            figures: true
            color: Theme.ink3
        }
        TextLine {
            readonly property real at: isNaN(view.detail.fitsPosition) ? parent.width
                : Theme.px(9) + view.detail.fitsPosition * (parent.width - Theme.px(18)) - width / 2
            x: Math.round(Math.max(least.width + Theme.px(12), Math.min(parent.width - width, at)))
            text: view.detail.contextFitsText
            style: Theme.label
            figures: true
            color: Theme.ink3
        }
    }
    Item { width: 1; height: Theme.px(12) }
    Item {
        width: parent.width
        height: Theme.px(28)
        TextLine {
            y: Theme.px(4)
            width: cache.x - Theme.px(8)
            text: qsTr("Context cache")
            weight: Font.Medium
        }
        Segmented {
            id: cache
            x: parent.width - width
            size: 28
            name: qsTr("Context cache")
            enabled: view.detail.planned
            options: [qsTr("16 bit"), qsTr("8 bit"), qsTr("4 bit")]
            current: view.detail.cache
            onChosen: index => view.detail.cache = index
        }
    }
    Item {
        visible: view.detail.gpu.present && view.detail.layersMax > 0
        width: parent.width
        height: Theme.px(40)
        TextLine {
            y: Theme.px(16)
            width: where.x - Theme.px(8)
            text: qsTr("Layers on the GPU")
            weight: Font.Medium
        }
        Segmented {
            id: where
            x: parent.width - width
            y: Theme.px(12)
            size: 28
            name: qsTr("Layers on the GPU")
            options: [qsTr("Automatic"), qsTr("Choose")]
            current: view.detail.layersChosen ? 1 : 0
            onChosen: index => view.detail.layersChosen = index === 1
        }
    }
    Item {
        visible: view.detail.gpu.present && view.detail.layersChosen
        width: parent.width
        height: Theme.px(36)
        ValueSlider {
            y: Theme.px(8)
            width: parent.width - Theme.px(80)
            name: qsTr("Layers on the GPU")
            from: 0
            to: Math.max(1, view.detail.layersMax)
            stepSize: 1
            value: view.detail.layers
            onPicked: value => view.detail.layers = Math.round(value)
        }
        TextLine {
            x: parent.width - width
            y: Theme.px(12)
            text: qsTr("%1 of %2").arg(view.detail.layers).arg(view.detail.layersMax)
            style: Theme.label
            figures: true
        }
    }
}
