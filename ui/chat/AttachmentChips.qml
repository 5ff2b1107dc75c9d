// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// What the question is put to: attached documents, a collection, or everything. Lines of chips; past three they scroll.
Flickable {
    id: chips

    required property ChatScope scope

    implicitHeight: Math.min(row.height, Theme.px(3 * 28 + 2 * 6))
    contentWidth: width
    contentHeight: row.height
    flickableDirection: Flickable.VerticalFlick
    boundsBehavior: Flickable.StopAtBounds
    interactive: contentHeight > height
    clip: interactive
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Documents asked")

    Flow {
        id: row
        width: chips.width
        spacing: Theme.px(6)
        Repeater {
            model: chips.scope
            Rectangle {
                id: chip
                required property string chipId
                required property string name
                required property string facts
                required property string condition
                readonly property int most: Math.min(Theme.px(180), chips.width - detail.width - Theme.px(66))   // of the name
                width: Math.min(label.implicitWidth, most) + detail.width + Theme.px(facts === "" ? 58 : 66)
                height: Theme.px(28)
                radius: Theme.px(8)
                color: Theme.fill
                Accessible.role: Accessible.ListItem
                Accessible.name: facts === "" ? name : name + ", " + facts
                Icon {
                    x: Theme.px(8)
                    anchors.verticalCenter: parent.verticalCenter
                    name: chip.condition === "scope" ? "folder" : chip.condition === "failed" ? "warn" : "doc"
                    size: Theme.px(14)
                    color: chip.condition === "failed" ? Theme.bad : Theme.ink2
                }
                TextLine {
                    id: label
                    objectName: "documentName"
                    x: Theme.px(28)
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, chip.most)
                    text: chip.name
                    elide: Text.ElideMiddle
                    style: Theme.label
                    Accessible.ignored: true
                }
                TextLine {
                    id: detail
                    x: label.x + label.width + Theme.px(8)
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.min(implicitWidth, chips.width - Theme.px(150))
                    text: chip.facts
                    style: Theme.label
                    figures: true
                    color: chip.condition === "failed" ? Theme.bad : Theme.ink3
                    Accessible.ignored: true
                }
                IconButton {
                    x: parent.width - width - Theme.px(2)
                    anchors.verticalCenter: parent.verticalCenter
                    size: 24
                    iconSize: 12
                    iconName: "x"
                    text: chip.condition === "scope" ? qsTr("Do not ask %1").arg(chip.name) : qsTr("Remove %1 from this chat").arg(chip.name)
                    onActiveFocusChanged: if (activeFocus) {
                        chips.contentY = Math.max(0, Math.min(chip.y, chips.contentHeight - chips.height));
                    }
                    onClicked: chips.scope.remove(chip.chipId)
                }
            }
        }
    }
}
