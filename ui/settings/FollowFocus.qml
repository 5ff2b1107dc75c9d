pragma ComponentBehavior: Bound
import QtQuick

// Scrolls a form so that the control that has the focus is seen.
Item {
    id: follow

    required property Flickable view
    readonly property Item focused: Window.window ? Window.window.activeFocusItem : null

    onFocusedChanged: later.start()

    Timer {
        id: later
        interval: 0
        onTriggered: follow.bring()
    }
    function bring() {
        let up = focused;
        while (up && up !== view.contentItem) {
            up = up.parent;
        }
        if (!up || !focused) {
            return;
        }
        const top = focused.mapToItem(view.contentItem, 0, 0).y;
        if (top < view.contentY + 16) {
            view.contentY = Math.max(0, top - 24);
        } else if (top + focused.height > view.contentY + view.height - 80) {
            view.contentY = Math.max(0, Math.min(view.contentHeight - view.height, top + focused.height - view.height + 96));
        }
    }
}
