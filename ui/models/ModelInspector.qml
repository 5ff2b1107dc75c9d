// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// One model looked at: what it is, the one thing to do with it, what it would take of this computer.
FocusScope {
    id: inspector

    required property AppContext app
    property bool paged: false      // it has the page to itself: a back button, and no wider than is read well
    readonly property ModelDetail detail: app.detail
    readonly property bool current: detail.local && app.models.currentId === detail.modelId
    readonly property bool loaded: current && app.models.state === ModelController.Ready
    readonly property bool loading: current && app.models.state === ModelController.Loading
    readonly property bool checking: detail.modelId !== "" && app.keeping.checkingId === detail.modelId
    signal closeAsked
    signal settingsAsked

    Accessible.role: Accessible.Pane
    Accessible.name: detail.name
    Keys.onEscapePressed: closeAsked()

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
        Divider {
            visible: !inspector.paged
            vertical: true
            height: parent.height
        }
    }
    IconButton {
        id: back
        x: inspector.paged ? Theme.px(10) : parent.width - width - Theme.px(14)
        y: Theme.px(inspector.paged ? 10 : 14)
        iconName: inspector.paged ? "back" : "x"
        restColor: Theme.ink2
        text: inspector.paged ? qsTr("Back to the models") : qsTr("Close")
        keys: "Esc"
        onClicked: inspector.closeAsked()
    }
    Flickable {
        id: scroller
        y: inspector.paged ? Theme.header : 0
        width: parent.width
        height: parent.height - y
        contentHeight: column.y + column.height + Theme.px(24)
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.vertical: ScrollThumb {}
        Column {
            id: column
            x: Math.round((scroller.width - width) / 2)
            y: Theme.px(inspector.paged ? 4 : 20)
            width: Math.min(Theme.px(560), scroller.width - Theme.px(inspector.paged ? 32 : 48))
            Prose {
                width: parent.width - (inspector.paged ? 0 : Theme.px(32))
                text: inspector.detail.name
                style: Theme.title
                Accessible.role: Accessible.Heading
            }
            Item { width: 1; height: Theme.px(6) }
            Prose {
                width: parent.width
                text: inspector.detail.subtitle
                color: Theme.ink2
            }
            Item { width: 1; height: Theme.px(16) }
            Flow {
                visible: !inspector.detail.local && inspector.detail.place === ModelDetail.Offered && inspector.detail.quantizations.length > 0
                width: parent.width
                spacing: Theme.px(8)
                PushButton {
                    size: 36
                    kind: PushButton.Primary
                    iconName: "download"
                    enabled: inspector.detail.problemWhat === ""
                    why: inspector.detail.problemWhat
                    text: inspector.detail.downloadText
                    onClicked: inspector.detail.download()
                }
                PopupButton {
                    size: 36
                    name: qsTr("Quantisation")
                    options: inspector.detail.quantizations
                    current: inspector.detail.quantization
                    onChosen: index => inspector.detail.quantization = index
                }
            }
            Item {
                visible: best.visible
                width: 1
                height: Theme.px(8)
            }
            Prose {
                id: best
                visible: text !== ""
                width: parent.width
                style: Theme.label
                color: Theme.ink3
                text: inspector.detail.local || inspector.detail.place !== ModelDetail.Offered || inspector.detail.bestQuantization < 0
                      || inspector.detail.severity === "bad" ? ""
                    : inspector.detail.quantization === inspector.detail.bestQuantization
                      ? (inspector.detail.speed === "" ? qsTr("The best for this computer")
                                                       : qsTr("The best for this computer, %1").arg(inspector.detail.speed))
                      : qsTr("%1 is the best for this computer").arg(inspector.detail.quantizations[inspector.detail.bestQuantization] ?? "")
            }
            Item {
                visible: !inspector.detail.local && inspector.detail.place !== ModelDetail.Offered
                width: parent.width
                height: Theme.px(44)
                Icon {
                    visible: inspector.detail.place === ModelDetail.Here
                    y: Theme.px(4)
                    name: "check"
                    size: Theme.px(16)
                    color: Theme.ok
                }
                TextLine {
                    x: inspector.detail.place === ModelDetail.Here ? Theme.px(22) : 0
                    width: parent.width - x
                    y: Theme.px(2)
                    text: inspector.detail.placeText
                    figures: true
                    weight: Font.Medium
                }
                Gauge {
                    visible: inspector.detail.place === ModelDetail.Coming
                    y: Theme.px(28)
                    width: parent.width
                    share: inspector.detail.downloadShare
                    name: inspector.detail.placeText
                }
            }
            Flow {
                visible: inspector.detail.local
                width: parent.width
                spacing: Theme.px(8)
                PushButton {
                    visible: !inspector.loaded && !inspector.loading
                    size: 36
                    kind: PushButton.Primary
                    enabled: inspector.detail.problemWhat === ""
                    why: inspector.detail.problemWhat
                    text: qsTr("Use this model")
                    onClicked: inspector.app.models.select(inspector.detail.modelId)
                }
                PushButton {
                    visible: inspector.loaded
                    size: 36
                    text: qsTr("Unload")
                    onClicked: inspector.app.models.unload()
                }
                PushButton {
                    visible: inspector.current
                    size: 36
                    iconName: "settings"
                    text: qsTr("Settings")
                    Accessible.name: qsTr("Settings of %1").arg(inspector.detail.name)
                    onClicked: inspector.settingsAsked()
                }
                PushButton {
                    size: 36
                    text: inspector.checking ? qsTr("Stop checking") : qsTr("Check")
                    Accessible.name: inspector.checking ? qsTr("Stop checking") : qsTr("Check the file")
                    onClicked: inspector.checking ? inspector.app.keeping.stopCheck()
                                                  : inspector.app.keeping.check(inspector.detail.modelId)
                }
                PushButton {
                    size: 36
                    kind: PushButton.Danger
                    text: qsTr("Remove…")
                    onClicked: inspector.app.keeping.askRemoval(inspector.detail.modelId)
                }
            }
            ModelLoad {
                visible: inspector.loading
                width: parent.width
                models: inspector.app.models
            }
            Item {
                visible: inspector.checking
                width: parent.width
                height: Theme.px(44)
                TextLine {
                    y: Theme.px(8)
                    text: qsTr("Checking, %1 %").arg(Math.round(inspector.app.keeping.checkShare * 100))
                    style: Theme.label
                    figures: true
                    color: Theme.ink2
                }
                Gauge {
                    y: Theme.px(28)
                    width: parent.width
                    share: inspector.app.keeping.checkShare
                    name: qsTr("Checking")
                }
            }
            Item {
                visible: gate.visible
                width: 1
                height: Theme.px(8)
            }
            Prose {
                id: gate
                visible: inspector.detail.gated && !inspector.detail.local
                width: parent.width
                text: qsTr("The publisher gives it only to accounts that have asked for it. Keep your token under Settings, Network.")
                style: Theme.label
                color: Theme.warn
            }
            Column {
                visible: inspector.detail.problemWhat !== ""
                topPadding: Theme.px(12)
                width: parent.width
                Prose {
                    width: parent.width
                    text: inspector.detail.problemWhat
                    font.weight: Font.Medium
                    color: Theme.bad
                }
                Prose {
                    width: parent.width
                    text: inspector.detail.problemHint
                    color: Theme.ink2
                }
            }
            TextLine {
                visible: inspector.detail.busy
                height: Theme.px(32)
                text: qsTr("Reading what the repository holds…")
                color: Theme.ink3
            }
            Item { width: 1; height: Theme.px(20) }
            Divider {
                visible: plan.visible
                width: parent.width
            }
            Item { visible: plan.visible; width: 1; height: Theme.px(14) }
            PlanView {
                id: plan
                visible: inspector.detail.planned
                width: parent.width
                detail: inspector.detail
            }
            Item { visible: plan.visible; width: 1; height: Theme.px(20) }
            Divider { width: parent.width }
            Item { width: 1; height: Theme.px(16) }
            TextLine {
                visible: inspector.detail.about !== "" || inspector.detail.facts.length > 0
                width: parent.width
                text: qsTr("About")
                weight: Font.DemiBold
                Accessible.role: Accessible.Heading
            }
            Item { width: 1; height: Theme.px(6) }
            Prose {
                visible: text !== ""
                width: parent.width
                text: inspector.detail.about
                color: Theme.ink2
            }
            Item {
                visible: inspector.detail.about !== ""
                width: 1
                height: Theme.px(12)
            }
            Repeater {
                model: inspector.detail.facts
                Item {
                    id: fact
                    required property var modelData
                    width: column.width
                    implicitHeight: value.height + Theme.px(8)
                    TextLine {
                        width: Theme.px(108)
                        text: fact.modelData.label ?? ""
                        color: Theme.ink3
                    }
                    Prose {
                        id: value
                        x: Theme.px(112)
                        width: parent.width - x
                        wrapMode: Text.WrapAtWordBoundaryOrAnywhere
                        text: fact.modelData.text ?? ""
                        color: Theme.ink2
                    }
                }
            }
        }
    }
    FollowFocus { view: scroller }
}
