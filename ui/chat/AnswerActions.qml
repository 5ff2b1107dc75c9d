pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Below an answer: versions, copy, regenerate, fork, more; what it cost at the end side, or in full on a second row.
FocusScope {
    id: actions

    required property ChatController chat
    required property SettingsBackend settings
    required property string messageId
    required property int branchIndex
    required property int branchCount
    required property string statsText
    required property list<var> stats
    property bool copied: false
    readonly property bool full: settings.showStatistics && stats.length > 0

    implicitHeight: Theme.px(28) + (full ? table.implicitHeight + Theme.px(4) : 0)

    Row {
        x: Theme.px(switcher.visible ? -4 : -6)
        height: Theme.px(28)
        spacing: Theme.px(2)
        BranchSwitcher {
            id: switcher
            visible: actions.branchCount > 1
            index: actions.branchIndex
            count: actions.branchCount
            onSwitched: by => actions.chat.switchBranch(actions.messageId, by)
        }
        Item {
            visible: switcher.visible
            width: Theme.px(13)
            height: parent.height
            Divider {
                vertical: true
                anchors.centerIn: parent
                height: Theme.px(16)
                color: Theme.lineStrong
            }
        }
        IconButton {
            iconName: actions.copied ? "check" : "copy"
            restColor: actions.copied ? Theme.ok : Theme.ink3
            text: actions.copied ? qsTr("Copied") : qsTr("Copy answer")
            keys: "Ctrl+Shift+C"
            onClicked: {
                actions.chat.copyAnswer(actions.messageId);
                actions.copied = true;
                back.restart();
            }
        }
        IconButton {
            iconName: "redo"
            text: qsTr("Answer again")
            enabled: !actions.chat.busy
            why: qsTr("Another answer is being written")
            onClicked: actions.chat.regenerate(actions.messageId)
        }
        IconButton {
            iconName: "branch"
            text: qsTr("Continue in a new chat")
            onClicked: actions.chat.forkHere(actions.messageId)
        }
        IconButton {
            id: more
            iconName: "more"
            text: qsTr("More")
            onClicked: menu.toggle()
            PopupMenu {
                id: menu
                MenuRow {
                    text: actions.settings.showStatistics ? qsTr("Hide statistics") : qsTr("Show statistics")
                    onTriggered: actions.settings.showStatistics = !actions.settings.showStatistics
                }
                MenuRow {
                    text: qsTr("Copy thought")
                    onTriggered: actions.chat.copyThought(actions.messageId)
                }
                MenuRow {
                    text: qsTr("Delete answer")
                    danger: true
                    onTriggered: actions.chat.deleteMessage(actions.messageId)
                }
            }
        }
    }
    TextLine {
        visible: !actions.full
        x: parent.width - width
        y: Theme.px(6)
        width: Math.min(implicitWidth, parent.width - Theme.px(switcher.visible ? 240 : 136))
        text: actions.statsText
        style: Theme.caption
        figures: true
        color: Theme.ink3
    }
    Flow {
        id: table
        visible: actions.full
        y: Theme.px(32)
        width: parent.width
        spacing: 0
        Repeater {
            model: actions.full ? actions.stats : []
            Row {
                id: pair
                required property var modelData
                height: Theme.px(24)
                rightPadding: Theme.px(20)
                spacing: Theme.px(6)
                TextLine {
                    anchors.verticalCenter: parent.verticalCenter
                    text: pair.modelData.label
                    style: Theme.label
                    color: Theme.ink3
                }
                TextLine {
                    anchors.verticalCenter: parent.verticalCenter
                    text: pair.modelData.value
                    style: Theme.label
                    figures: true
                    color: Theme.ink2
                }
            }
        }
    }
    Timer {
        id: back
        interval: 1500
        onTriggered: actions.copied = false
    }
}
