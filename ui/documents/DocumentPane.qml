// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// A document beside the chat (or over it, where there is no room for both): its pages or its text, with the spans
// that the answer cites.
FocusScope {
    id: pane

    required property DocumentViewer viewer
    property bool covering: false
    property bool searching: false
    signal closed

    function focusView() {
        const view = body.item as Item;
        view ? view.forceActiveFocus(Qt.TabFocusReason) : header.forceActiveFocus(Qt.TabFocusReason);
    }
    function search() {
        searching = true;
        finder.focusField();
    }
    function stopSearching() {
        searching = false;
        viewer.find("");
        focusView();
    }
    function close() {
        viewer.close();
        closed();
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Document")
    Keys.onEscapePressed: searching ? stopSearching() : close()
    Keys.onPressed: event => {
        const plain = event.modifiers === Qt.NoModifier || event.modifiers === Qt.KeypadModifier
                    || event.modifiers === Qt.ShiftModifier;
        if (event.matches(StandardKey.Find)) {
            search();
        } else if (plain && (event.key === Qt.Key_Plus || event.key === Qt.Key_Equal)) {
            viewer.zoomBy(1);
        } else if (plain && event.key === Qt.Key_Minus) {
            viewer.zoomBy(-1);
        } else {
            return;
        }
        event.accepted = true;
    }
    onVisibleChanged: searching = false

    Rectangle {
        anchors.fill: parent
        color: pane.viewer.paged || !pane.viewer.ready ? Theme.fill : Theme.canvas
    }
    DocumentHeader {
        id: header
        width: parent.width
        viewer: pane.viewer
        covering: pane.covering
        onSearchAsked: pane.searching ? pane.stopSearching() : pane.search()
        onCloseAsked: pane.close()
    }
    DocumentSearch {
        id: finder
        visible: pane.searching
        y: header.height
        width: parent.width
        height: visible ? implicitHeight : 0
        viewer: pane.viewer
        onClosed: pane.stopSearching()
    }
    Loader {
        id: body
        y: finder.y + finder.height
        width: parent.width
        height: parent.height - y
        active: pane.viewer.ready
        sourceComponent: pane.viewer.paged ? pages : texts
    }
    Component {
        id: pages
        DocumentPages { viewer: pane.viewer }
    }
    Component {
        id: texts
        DocumentTexts { viewer: pane.viewer }
    }
    Column {
        visible: pane.viewer.faultWhat !== ""
        x: Math.round((parent.width - width) / 2)
        y: Math.round(parent.height * 0.36)
        width: Math.min(Theme.px(440), parent.width - Theme.px(48))
        spacing: Theme.px(4)
        Prose {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: pane.viewer.faultWhat
        }
        Prose {
            visible: text !== ""
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: pane.viewer.faultHint
            color: Theme.ink2
        }
    }
}
