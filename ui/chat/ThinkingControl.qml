pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// "Think: Auto": when the model thinks, and for how many tokens at most.
T.Button {
    id: control

    required property ChatController chat
    readonly property list<string> modes: [qsTr("Auto"), qsTr("Always"), qsTr("Never")]

    function openMenu() {
        if (visible) {
            forceActiveFocus(Qt.ShortcutFocusReason);
            menu.open();
        }
    }

    implicitHeight: Theme.px(32)
    implicitWidth: row.implicitWidth + Theme.px(20)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    text: qsTr("Think: %1").arg(modes[chat.thinkingMode] ?? "")
    Accessible.name: text
    onClicked: menu.toggle()
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: control.clicked()
    Keys.onEnterPressed: control.clicked()
    contentItem: Item {
        Row {
            id: row
            anchors.centerIn: parent
            height: Theme.px(20)
            spacing: Theme.px(6)
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "think"
                size: Theme.px(16)
                color: control.hovered ? Theme.ink : Theme.ink2
            }
            TextLine {
                text: control.text
                weight: Font.Medium
                color: control.hovered ? Theme.ink : Theme.ink2
                Accessible.ignored: true
            }
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "down"
                size: Theme.px(12)
                color: Theme.ink3
            }
        }
    }
    background: Rectangle {
        radius: Theme.px(8)
        color: control.down || menu.visible ? Theme.fillHover : control.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
        FocusRing {
            shown: control.visualFocus
            radiusInside: Theme.px(8)
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered && !menu.visible
        text: qsTr("When to think")
        keys: "Ctrl+T"
    }
    PopupMenu {
        id: menu
        above: true
        implicitWidth: Math.min(room, Math.max(Theme.px(280), widest))
        Repeater {
            model: control.modes
            MenuRow {
                required property int index
                required property string modelData
                choice: true
                text: modelData
                detail: index === 0 ? qsTr("the model decides") : index === 1 ? qsTr("before each answer") : qsTr("answer at once")
                enabled: index === ChatController.Automatic || control.chat.canSwitchThinking
                chosen: index === control.chat.thinkingMode
                onTriggered: control.chat.thinkingMode = index
            }
        }
        Divider { width: parent ? parent.width : 0 }
        Item {
            width: parent ? parent.width : 0
            implicitHeight: Theme.px(68)
            TextLine {
                x: Theme.px(12)
                y: Theme.px(10)
                text: qsTr("Budget")
            }
            TextLine {
                x: parent.width - width - Theme.px(12)
                y: Theme.px(10)
                text: control.chat.thinkingBudget === 0 ? qsTr("No limit")
                    : qsTr("%L1 tokens").arg(control.chat.thinkingBudget)
                figures: true
                color: Theme.ink2
            }
            ValueSlider {
                x: Theme.px(12)
                y: Theme.px(34)
                width: parent.width - Theme.px(24)
                name: qsTr("Thinking budget in tokens; 0 is no limit")
                from: 0
                to: 16384
                stepSize: 256
                snapMode: T.Slider.SnapAlways
                value: control.chat.thinkingBudget
                onPicked: value => control.chat.thinkingBudget = value
            }
        }
    }
}
