// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// What the question is put to: attached documents, a collection, or everything. One line that scrolls sideways.
Flickable {
    id: chips

    required property ChatScope scope

    implicitHeight: Theme.px(28)
    contentWidth: row.width
    contentHeight: height
    flickableDirection: Flickable.HorizontalFlick
    boundsBehavior: Flickable.StopAtBounds
    clip: contentWidth > width
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Documents asked")

    Row {
        id: row
        height: parent.height
        spacing: Theme.px(6)
        Repeater {
            model: chips.scope
            Rectangle {
                id: chip
                required property string chipId
                required property string name
                required property string facts
                required property string condition
                width: Math.min(label.implicitWidth, Theme.px(180)) + detail.implicitWidth + Theme.px(facts === "" ? 58 : 66)
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
                    width: Math.min(implicitWidth, Theme.px(180))
                    text: chip.name
                    elide: Text.ElideMiddle
                    style: Theme.label
                    Accessible.ignored: true
                }
                TextLine {
                    id: detail
                    x: label.x + label.width + Theme.px(8)
                    anchors.verticalCenter: parent.verticalCenter
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
                        chips.contentX = Math.max(0, Math.min(chip.x, chips.contentWidth - chips.width));
                    }
                    onClicked: chips.scope.remove(chip.chipId)
                }
            }
        }
    }
}
