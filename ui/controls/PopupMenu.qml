pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// A menu of MenuRows below (or, without room, above) its parent. Up, Down, Enter and Esc work; focus goes back to
// the button that opened it.
T.Popup {
    id: menu

    default property alias rows: column.data
    property bool above: parent !== null && T.Overlay.overlay !== null
                         && parent.mapToItem(T.Overlay.overlay, 0, parent.height).y + height + 12 > T.Overlay.overlay.height
    property bool alignEnd: false
    // Of the rows' wishes; the column's own implicit width is the width that they were given.
    readonly property real widest: {
        let width = 0;
        for (let i = 0; i < column.children.length; ++i) {
            if (column.children[i].visible) {
                width = Math.max(width, column.children[i].implicitWidth);
            }
        }
        return Math.ceil(width) + leftPadding + rightPadding;
    }
    readonly property real room: T.Overlay.overlay !== null ? T.Overlay.overlay.width - 16 : 1e4

    y: above ? -height - 4 : (parent ? parent.height + 4 : 0)
    x: alignEnd && parent ? parent.width - width : 0
    implicitWidth: Math.min(room, Math.max(Theme.px(160), widest))
    implicitHeight: Math.min(contentHeight + topPadding + bottomPadding, Theme.px(420))
    contentHeight: column.implicitHeight
    padding: Theme.px(4)
    margins: 8
    focus: true
    modal: false
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.fold; easing.type: Easing.OutCubic } }
    exit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: Theme.quick; easing.type: Easing.InCubic } }
    background: Raised { radius: Theme.px(10) }
    contentItem: MenuBody {
        focus: true
        onPicked: menu.close()
        Accessible.role: Accessible.PopupMenu
        Accessible.name: qsTr("Menu")
        Flickable {
            anchors.fill: parent
            contentHeight: column.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentHeight > height
            clip: interactive
            Column {
                id: column
                width: menu.availableWidth
            }
        }
    }
    // A plain Window does not give the focus back by itself.
    property Item before: null
    readonly property var win: parent ? parent.Window.window : null
    onAboutToShow: before = win ? win.activeFocusItem : null
    onClosed: {
        if (before && win && (!win.activeFocusItem || win.activeFocusItem === win.contentItem)) {
            before.forceActiveFocus(Qt.PopupFocusReason);
        }
    }
    onOpened: focusRow(true)

    function toggle() {
        if (visible) {
            close();
        } else {
            open();
        }
    }
    // The chosen row, or the first one, takes the keys.
    function focusRow(first: bool) {
        for (let i = 0; i < column.children.length; ++i) {
            const row = column.children[i] as MenuRow;
            if (row && row.enabled && row.visible && (row.chosen || !first)) {
                row.forceActiveFocus(Qt.PopupFocusReason);
                return;
            }
        }
        if (first) {
            focusRow(false);
        }
    }
}
