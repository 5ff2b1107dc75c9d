// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// The text of a thought in its own scroll. While it lives it follows the end until the person scrolls up, and when it
// ends its last words stay in sight; unfolded later it begins at its beginning. The place
// of the outline (188) and its minimap (12) is `aside`, at the end side.
Item {
    id: body

    required property ThoughtState thought
    property int aside: 0
    property bool following: true
    property bool whole: false
    property int chosenHeight: 0
    readonly property int windowHeight: Window.window ? Window.window.height : 900
    readonly property int usual: Theme.px(windowHeight < 1000 ? 152 : 264)
    readonly property int limit: chosenHeight > 0 ? Math.min(chosenHeight, Math.round(windowHeight * 0.6)) : usual
    readonly property int textHeight: Math.ceil(list.contentHeight)   // with the footer's 16
    readonly property bool away: thought.live && !following && !list.atYEnd

    Component.onCompleted: following = thought.live

    implicitHeight: thought.live && !whole ? limit
                  : whole ? Math.min(textHeight, Math.round(windowHeight * 0.6)) : Math.min(limit, textHeight)

    ListView {
        id: list
        objectName: "thoughtBlocks"
        x: Theme.px(16)
        width: Math.min(parent.width - Theme.px(32) - body.aside, Theme.textColumn)
        height: parent.height
        model: body.thought.blocks
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 200
        spacing: Theme.px(12)
        footer: Item { width: 1; height: Theme.px(16) }
        activeFocusOnTab: interactive && contentHeight > height
        keyNavigationEnabled: false
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Text of the thought")
        Accessible.focusable: true
        T.ScrollBar.vertical: ScrollThumb { id: bar }
        // Up and Down scroll; with Ctrl they move the lower edge, as dragging it does.
        Keys.onPressed: event => {
            const up = event.key === Qt.Key_Up;
            if (!up && event.key !== Qt.Key_Down) {
                return;
            }
            event.accepted = true;
            if (event.modifiers & Qt.ControlModifier) {
                body.whole = false;
                body.chosenHeight = Math.max(Theme.px(66), body.height + Theme.px(up ? -44 : 44));
            } else {
                flick(0, up ? 600 : -600);
            }
        }
        onContentYChanged: if (moving || bar.pressed) body.following = atYEnd
        onMovementStarted: body.following = false
        onMovementEnded: body.following = atYEnd
        onContentHeightChanged: if (body.following && !moving) toEndLater.start()
        onHeightChanged: if (body.following) toEndLater.start()

        delegate: BlockItem {
            required property int index
            width: ListView.view.width
            quiet: true
            caret: body.thought.live && index === list.count - 1
            caretStill: body.thought.state === ThoughtState.Paused
        }
    }
    FocusRing {
        shown: list.activeFocus
        radiusInside: 4
        anchors.margins: 0
    }
    Timer {
        id: toEndLater
        interval: 0
        onTriggered: if (body.following && !list.moving) list.positionViewAtEnd()
    }
    // The one gradient of the interface: there is more above.
    Rectangle {
        visible: list.contentY > list.originY + 1
        x: 1
        width: parent.width - 2
        height: Theme.px(20)
        gradient: Gradient {
            GradientStop { position: 0; color: Theme.sunken }
            GradientStop { position: 1; color: Qt.alpha(Theme.sunken, 0) }
        }
    }
    // And below, where no foot with its hairline says it.
    Rectangle {
        visible: !body.thought.live && !body.thought.canContinue && !list.atYEnd
        x: 1
        y: parent.height - height - 1
        width: parent.width - 2
        height: Theme.px(20)
        radius: Theme.px(11)
        gradient: Gradient {
            GradientStop { position: 0; color: Qt.alpha(Theme.sunken, 0) }
            GradientStop { position: 1; color: Theme.sunken }
        }
    }
    PushButton {
        visible: body.away
        x: list.x + list.width - width - Theme.px(8)
        y: parent.height - height - Theme.px(8)
        size: 28
        trailingIcon: "down"
        text: qsTr("Latest")
        onClicked: {
            body.following = true;
            list.positionViewAtEnd();
        }
    }
    // The lower edge: drag for another height, double click for all of it.
    MouseArea {
        id: edge
        property real from: 0
        property int heightThen: 0
        y: parent.height - 4
        width: parent.width
        height: 8
        cursorShape: Qt.SizeVerCursor
        preventStealing: true
        onPressed: mouse => {
            from = mapToItem(null, 0, mouse.y).y;
            heightThen = body.height;
        }
        onPositionChanged: mouse => {
            body.whole = false;
            body.chosenHeight = Math.max(Theme.px(66), heightThen + mapToItem(null, 0, mouse.y).y - from);
        }
        onDoubleClicked: body.whole = !body.whole
    }
}
