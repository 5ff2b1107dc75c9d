pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App
import Pellucid.Content

// Models of other programs, offered in place: one quiet line, and on request each of them.
Rectangle {
    id: offer

    required property ModelKeeping keeping
    property bool open: false
    readonly property FoundModelList found: keeping.found
    readonly property bool tight: width < Theme.px(520)

    visible: found.count > 0
    implicitHeight: visible ? column.height : 0
    radius: Theme.px(8)
    color: Theme.sunken
    border.width: 1
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: found.text

    Column {
        id: column
        width: parent.width
        Item {
            width: parent.width
            height: Math.max(Theme.px(48), sentence.height + Theme.px(20)) + (offer.tight ? buttons.height + Theme.px(4) : 0)
            Icon {
                x: Theme.px(16)
                y: sentence.y + Theme.px(2)
                name: "folder"
                size: Theme.px(16)
                color: Theme.ink2
            }
            Prose {
                id: sentence
                x: Theme.px(42)
                y: offer.tight ? Theme.px(10) : Math.round((parent.height - height) / 2)
                width: (offer.tight ? parent.width - Theme.px(16) : buttons.x - Theme.px(12)) - x
                text: offer.found.text
            }
            Row {
                id: buttons
                x: offer.tight ? Theme.px(30) : parent.width - width - Theme.px(10)
                y: offer.tight ? sentence.y + sentence.height + Theme.px(4) : Math.round((parent.height - height) / 2)
                spacing: Theme.px(8)   // room for the focus ring
                PushButton {
                    size: 28
                    kind: PushButton.Ghost
                    text: offer.open ? qsTr("Hide them") : qsTr("Show them")
                    onClicked: offer.open = !offer.open
                }
                PushButton {
                    size: 28
                    text: qsTr("Use all in place")
                    onClicked: offer.keeping.adoptAll()
                }
            }
        }
        Repeater {
            model: offer.open ? offer.found : null
            Item {
                id: one
                required property string foundId
                required property string name
                required property string program
                required property string sizeText
                width: column.width
                implicitHeight: Theme.px(offer.tight ? 60 : 44)
                Divider { width: parent.width }
                TextLine {
                    x: Theme.px(42)
                    y: Theme.px(12)
                    width: (offer.tight ? use.x : about.x) - x - Theme.px(8)
                    text: one.name
                    elide: Text.ElideMiddle
                }
                TextLine {
                    id: about
                    x: offer.tight ? Theme.px(42) : use.x - width - Theme.px(12)
                    y: Theme.px(offer.tight ? 34 : 14)
                    text: one.program + " · " + one.sizeText
                    style: Theme.label
                    figures: true
                    color: Theme.ink3
                }
                PushButton {
                    id: use
                    x: parent.width - width - Theme.px(10)
                    y: Math.round((parent.height - height) / 2)
                    size: 28
                    kind: PushButton.Ghost
                    text: qsTr("Use")
                    Accessible.name: qsTr("Use %1").arg(one.name)
                    onClicked: offer.keeping.adopt(one.foundId)
                }
            }
        }
    }
}
