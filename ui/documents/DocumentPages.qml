// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// Pages one below the other on their bed. 100 % is as wide as the pane. A page asks for its picture when it comes into
// sight; until it is there the page is white, and the boxes stand already.
FocusScope {
    id: view

    required property DocumentViewer viewer
    readonly property int gutter: Theme.px(width < Theme.px(480) ? 16 : 36)
    readonly property real fit: Math.max(0.1, (width - 2 * gutter) / Math.max(1, viewer.pages.usualWidth))
    readonly property real pointScale: fit * viewer.zoom / 100   // pixels of the window a point
    property real settledScale: pointScale   // what pictures are asked for at: zooming and dragging do not ask at every step
    property int anchorPage: 0
    property real anchorY: -1                // points from its top, at a third of the view; less than 0: its top is at the view's
    property bool rescaling: false

    onPointScaleChanged: {
        rescaling = true;
        later.restart();
        Qt.callLater(anchor);
    }
    Timer {
        id: later
        interval: 120
        onTriggered: view.settledScale = view.pointScale
    }

    // Points from the page's top; height 0: the page itself.
    function showPlace(page: int, y: real, height: real) {
        anchorPage = page;
        anchorY = height > 0 ? y : -1;
        place();
        viewer.page = page;   // wherever the eye is for a moment, in a pane that has not its width yet
    }
    function place() {
        const page = anchorPage;   // what moves on the way is noted too
        const y = anchorY;
        list.positionViewAtIndex(page, ListView.Beginning);
        const item = list.itemAtIndex(page);
        if (item) {
            moveTo(item.y + (y < 0 ? 0 : Theme.px(24) + y * pointScale - list.height / 3));
        }
        anchorPage = page;
        anchorY = y;
    }
    // The pane has another width, or another zoom: what stood where the eye is stands there again.
    function anchor() {
        list.forceLayout();
        place();
        list.contentX = Math.max(0, (list.contentWidth - list.width) / 2);
        rescaling = false;
        viewer.page = anchorPage;
    }
    function moveTo(y: real) {
        const top = list.originY;
        list.contentY = Math.round(Math.max(top, Math.min(top + list.contentHeight - list.height, y)));
    }
    // Which page stands where the eye is.
    function note() {
        if (rescaling) {
            return;
        }
        const at = list.contentY + list.height / 3;
        const page = list.indexAt(list.contentWidth / 2, at);
        if (page >= 0) {
            const item = list.itemAtIndex(page);
            anchorPage = page;
            anchorY = Math.max(0, (at - item.y - Theme.px(24)) / pointScale);
            viewer.page = page;
        }
    }

    Connections {
        target: view.viewer
        function onPlaceWanted(page: int, y: real, height: real) {
            view.showPlace(page, y, height);
        }
    }
    ListView {
        id: list
        objectName: "documentPages"
        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        model: view.viewer.pages
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: false
        currentIndex: -1   // a current page would take the focus from the list
        cacheBuffer: Math.max(0, height)
        contentWidth: Math.max(width, Math.round(view.viewer.pages.widest * view.pointScale) + 2 * view.gutter)
        flickableDirection: Flickable.AutoFlickIfNeeded
        footer: Item { width: 1; height: Theme.px(24) }
        onContentYChanged: view.note()
        onCountChanged: view.note()
        T.ScrollBar.vertical: ScrollThumb {}
        T.ScrollBar.horizontal: ScrollThumb {}
        Accessible.role: Accessible.Document
        Accessible.name: view.viewer.name
        Accessible.description: view.viewer.pageText
        Accessible.focusable: true
        Keys.onUpPressed: view.moveTo(contentY - Theme.px(60))
        Keys.onDownPressed: view.moveTo(contentY + Theme.px(60))
        Keys.onLeftPressed: contentX = Math.max(0, contentX - Theme.px(60))
        Keys.onRightPressed: contentX = Math.max(0, Math.min(contentWidth - width, contentX + Theme.px(60)))
        Keys.onPressed: event => {
            switch (event.key) {
            case Qt.Key_PageUp: view.moveTo(contentY - height * 0.85); break;
            case Qt.Key_PageDown:
            case Qt.Key_Space: view.moveTo(contentY + height * 0.85); break;
            case Qt.Key_Home: view.viewer.goTo(0); break;
            case Qt.Key_End: view.viewer.goTo(count - 1); break;
            default: return;
            }
            event.accepted = true;
        }
        delegate: Item {
            id: slot
            required property int index
            required property real pointsWide
            required property real pointsHigh
            required property string label
            required property var picture
            required property string fault
            required property list<var> boxes
            width: list.contentWidth
            height: Theme.px(24) + Math.round(pointsHigh * view.pointScale)
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("Page %1").arg(label)
            PagePicture {
                id: page
                x: Math.round((slot.width - width) / 2)
                y: Theme.px(24)
                width: Math.round(slot.pointsWide * view.pointScale)
                height: Math.round(slot.pointsHigh * view.pointScale)
                picture: slot.picture
                darkened: view.viewer.darkened && Theme.dark
                readonly property real wanted: view.settledScale * Screen.devicePixelRatio
                onWantedChanged: view.viewer.pages.want(slot.index, wanted)
                Component.onCompleted: view.viewer.pages.want(slot.index, wanted)
            }
            Rectangle {
                x: page.x - 1
                y: page.y - 1
                width: page.width + 2
                height: page.height + 2
                color: "transparent"
                border.width: 1
                border.color: Theme.line
            }
            Prose {
                visible: slot.fault !== ""
                x: page.x + Theme.px(24)
                y: page.y + Theme.px(24)
                width: page.width - Theme.px(48)
                text: slot.fault
                color: "#465059"   // the page is white in both themes
            }
            Repeater {
                model: slot.boxes
                PageBox {
                    required property var modelData
                    mark: modelData
                    pageX: page.x
                    pageY: page.y
                    pointScale: view.pointScale
                    onClicked: view.viewer.openCitation(view.viewer.messageId, modelData.number)
                }
            }
        }
    }
    WheelHandler {
        acceptedModifiers: Qt.ControlModifier
        onWheel: event => view.viewer.zoomBy(event.angleDelta.y > 0 ? 1 : -1)
    }
    FocusRing {
        shown: view.Window.activeFocusItem === list
        radiusInside: 0
        anchors.margins: 2
    }
}
