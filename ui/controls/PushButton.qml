pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// The four buttons of the look. `why` says in a tooltip why a disabled button is disabled.
T.Button {
    id: button

    enum Kind { Primary, Secondary, Ghost, Danger, FilledDanger }
    property int kind: PushButton.Secondary
    property string iconName: ""
    property string trailingIcon: ""
    property string why: ""
    property string keys: ""
    property int size: 32
    readonly property bool filled: kind === PushButton.Primary || kind === PushButton.FilledDanger
    readonly property color inkColor: kind === PushButton.Primary ? Theme.accentOn
                                    : kind === PushButton.FilledDanger ? Theme.canvas
                                    : kind === PushButton.Danger ? Theme.bad
                                    : kind === PushButton.Ghost && !hovered && !down ? Theme.ink2 : Theme.ink

    implicitHeight: Theme.px(size)
    implicitWidth: Math.max(implicitHeight, row.implicitWidth + leftPadding + rightPadding)
    leftPadding: Theme.px(12)
    rightPadding: leftPadding
    topPadding: 0
    bottomPadding: 0
    opacity: enabled ? 1 : 0.4
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.description: enabled ? "" : why
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight
        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.px(6)
            Icon {
                visible: button.iconName !== ""
                anchors.verticalCenter: parent.verticalCenter
                name: button.iconName
                size: Theme.px(16)
                color: button.inkColor
            }
            TextLine {
                text: button.text
                weight: Font.Medium
                color: button.inkColor
                Accessible.ignored: true
            }
            Icon {
                visible: button.trailingIcon !== ""
                anchors.verticalCenter: parent.verticalCenter
                name: button.trailingIcon
                size: Theme.px(12)
                color: button.inkColor
            }
        }
    }
    background: Rectangle {
        radius: Theme.px(8)
        border.width: button.kind === PushButton.Secondary ? 1 : 0
        border.color: button.hovered || button.down ? Theme.ctl : Theme.lineStrong
        color: {
            switch (button.kind) {
            case PushButton.Primary:
                return button.down ? Theme.accentPressed : button.hovered ? Theme.accentHover : Theme.accent;
            case PushButton.FilledDanger:
                return button.down || button.hovered ? Qt.darker(Theme.bad, 1.12) : Theme.bad;
            case PushButton.Secondary:
                return button.down ? Theme.fill : Theme.raised;
            default:
                return button.down ? Theme.fillHover : button.hovered || button.checked ? Theme.fill : Qt.alpha(Theme.fill, 0);
            }
        }
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        FocusRing {
            shown: button.visualFocus
            radiusInside: Theme.px(8)
        }
    }
    HoverHandler { id: hover; enabled: button.why !== "" || button.keys !== "" }
    Tip {
        shown: hover.hovered && (!button.enabled || button.keys !== "")
        text: button.enabled ? button.text : button.why
        keys: button.enabled ? button.keys : ""
    }
}
