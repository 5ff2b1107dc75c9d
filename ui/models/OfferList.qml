// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The catalogue, or what the hubs answered.
FocusScope {
    id: offers

    required property DiscoverModel discover
    required property ModelDetail detail
    property bool narrow: false
    property int shift: 0
    readonly property int ring: 4
    signal asked(string modelId)

    ListView {
        id: list
        objectName: "offerList"
        anchors.fill: parent
        topMargin: offers.ring
        bottomMargin: Theme.px(24)
        clip: true
        model: offers.discover
        boundsBehavior: Flickable.StopAtBounds
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Models to download")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: OfferRow {
            x: offers.ring
            width: list.width - 2 * offers.ring
            narrow: offers.narrow
            shift: offers.shift
            chosen: offers.detail.modelId === modelId
            onClicked: offers.asked(modelId)
        }
        footer: Column {
            readonly property Item view: ListView.view
            x: offers.ring + Theme.px(16)
            width: view ? view.width - 2 * x : 0
            topPadding: Theme.px(16)
            spacing: Theme.px(8)
            Prose {
                visible: offers.discover.problemWhat !== ""
                width: parent.width
                text: offers.discover.problemWhat
                font.weight: Font.Medium
                color: Theme.bad
            }
            Prose {
                visible: offers.discover.problemHint !== ""
                width: parent.width
                text: offers.discover.problemHint
                color: Theme.ink2
            }
            PushButton {
                visible: offers.discover.problemWhat !== ""
                text: qsTr("Try again")
                onClicked: offers.discover.again()
            }
            Prose {
                visible: offers.discover.busy
                width: parent.width
                text: offers.discover.text === "" ? qsTr("Reading the catalogue…") : qsTr("Asking the hubs…")
                style: Theme.label
                color: Theme.ink3
            }
            Prose {
                visible: !offers.discover.busy && offers.discover.hidden > 0
                width: parent.width
                text: offers.discover.hidden === 1 ? qsTr("One more does not fit this computer.")
                                                   : qsTr("%1 more do not fit this computer.").arg(offers.discover.hidden)
                style: Theme.label
                color: Theme.ink3
            }
            Prose {
                visible: !offers.discover.busy && offers.discover.count === 0 && offers.discover.hidden === 0
                         && offers.discover.problemWhat === ""
                width: parent.width
                text: qsTr("Nothing has that name.")
                color: Theme.ink2
            }
        }
    }
}
