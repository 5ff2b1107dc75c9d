pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// Holds what may be wider than the column and scrolls it sideways. Faded edges say on which side there is more; the keys
// reach it by Tab when there is, and Left, Right, Home and End move it.
Flickable {
    id: view

    property string name: ""
    property color ground: Theme.canvas
    property bool fadedStart: true
    readonly property bool scrolls: contentWidth > width + 0.5
    readonly property bool moreBefore: scrolls && contentX > 1
    readonly property bool moreAfter: scrolls && contentX + width < contentWidth - 1

    contentHeight: height
    flickableDirection: Flickable.HorizontalFlick
    boundsBehavior: Flickable.StopAtBounds
    interactive: scrolls
    clip: scrolls
    activeFocusOnTab: scrolls
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("%1, scrolls sideways").arg(name)
    Accessible.focusable: scrolls
    Accessible.ignored: !scrolls
    Accessible.onScrollLeftAction: by(-0.8 * width)
    Accessible.onScrollRightAction: by(0.8 * width)
    // What grows or shrinks while it is scrolled stays within its ends.
    onContentWidthChanged: if (!moving) returnToBounds()

    function by(distance: real) {
        contentX = Math.max(0, Math.min(contentWidth - width, contentX + distance));
    }

    Keys.onPressed: event => {
        if (!scrolls || event.modifiers !== Qt.NoModifier) {
            return;
        }
        switch (event.key) {
        case Qt.Key_Left: by(-Theme.px(60)); break;
        case Qt.Key_Right: by(Theme.px(60)); break;
        case Qt.Key_Home: by(-contentWidth); break;
        case Qt.Key_End: by(contentWidth); break;
        default: return;
        }
        event.accepted = true;
    }

    component Fade: Rectangle {
        property bool atEnd: false
        parent: view
        z: 1
        x: atEnd ? view.width - width : 0
        width: Theme.px(16)
        height: view.height
        gradient: Gradient {
            orientation: Gradient.Horizontal
            GradientStop { position: 0; color: Qt.alpha(view.ground, atEnd ? 0 : 1) }
            GradientStop { position: 1; color: Qt.alpha(view.ground, atEnd ? 1 : 0) }
        }
    }
    Fade { visible: view.fadedStart && view.moreBefore }
    Fade { visible: view.moreAfter; atEnd: true }
    FocusRing {
        parent: view
        shown: view.activeFocus
        radiusInside: 0
        anchors.margins: 0
        z: 2
    }
}
