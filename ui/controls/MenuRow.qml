pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// One line of a PopupMenu.
T.AbstractButton {
    id: row

    property string iconName: ""
    property string detail: ""
    property bool chosen: false
    property bool choice: false
    property bool danger: false
    property bool keepsOpen: false
    readonly property color inkColor: danger ? Theme.bad : Theme.ink
    signal triggered

    width: parent ? parent.width : implicitWidth
    implicitWidth: Theme.px(iconName !== "" || choice ? 32 : 12) + label.implicitWidth
                   + (detail === "" ? 0 : detailLine.implicitWidth + Theme.px(24)) + Theme.px(12)
    implicitHeight: visible ? Theme.px(32) : 0
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    checkable: choice
    checked: chosen
    Accessible.name: text
    Accessible.description: detail
    onClicked: {
        const menu = keepsOpen ? null : body();
        if (menu) {
            menu.picked();
        }
        checked = Qt.binding(() => row.chosen);   // the click has set it by itself
        triggered();
    }
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Accessible.onToggleAction: if (enabled) clicked()
    Keys.onReturnPressed: row.clicked()
    Keys.onEnterPressed: row.clicked()
    Keys.onDownPressed: row.step(true)
    Keys.onUpPressed: row.step(false)
    onHoveredChanged: if (hovered) forceActiveFocus(Qt.MouseFocusReason)

    contentItem: Item {
        Icon {
            visible: row.iconName !== "" || row.chosen
            x: Theme.px(10)
            anchors.verticalCenter: parent.verticalCenter
            name: row.iconName !== "" ? row.iconName : "check"
            size: Theme.px(row.iconName !== "" ? 16 : 12)
            color: row.danger ? Theme.bad : Theme.ink2
        }
        TextLine {
            id: label
            x: Theme.px(row.iconName !== "" || row.choice ? 32 : 12)
            width: parent.width - x - Theme.px(12) - (row.detail === "" ? 0 : detailLine.width + Theme.px(12))
            anchors.verticalCenter: parent.verticalCenter
            text: row.text
            weight: row.chosen ? Font.Medium : Font.Normal
            color: row.inkColor
            Accessible.ignored: true
        }
        TextLine {
            id: detailLine
            x: parent.width - width - Theme.px(12)
            anchors.verticalCenter: parent.verticalCenter
            text: row.detail
            style: Theme.label
            figures: true
            color: Theme.ink3
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: row.down ? Theme.fillHover : row.hovered || row.activeFocus ? Theme.fill : Qt.alpha(Theme.fill, 0)
    }

    function step(forward: bool) {
        const next = nextItemInFocusChain(forward) as MenuRow;
        if (next) {
            next.forceActiveFocus(Qt.TabFocusReason);
        }
    }
    function body(): MenuBody {
        let up = parent;
        while (up && !(up instanceof MenuBody)) {
            up = up.parent;
        }
        return up as MenuBody;
    }
}
