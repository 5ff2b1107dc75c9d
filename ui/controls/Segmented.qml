pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// One of a few. `options` are the words, `current` the index; left and right arrows choose, one Tab stop.
FocusScope {
    id: segmented

    required property list<string> options
    property int current: 0
    property int size: 32
    property string name: ""
    signal chosen(int index)

    implicitWidth: row.implicitWidth + 4
    implicitHeight: Theme.px(size)
    opacity: enabled ? 1 : 0.4
    Accessible.role: Accessible.PageTabList
    Accessible.name: name

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(8)
        color: Theme.fill
    }
    Row {
        id: row
        x: 2
        y: 2
        height: parent.height - 4
        Repeater {
            id: repeater
            model: segmented.options
            T.RadioButton {
                id: segment
                required property int index
                required property string modelData
                readonly property bool current: index === segmented.current

                text: modelData
                height: row.height
                implicitWidth: label.implicitWidth + Theme.px(24)
                hoverEnabled: true
                checked: current
                focus: current
                focusPolicy: current ? Qt.StrongFocus : Qt.ClickFocus
                Accessible.name: segmented.name === "" ? text : segmented.name + ": " + text
                onClicked: {
                    segmented.choose(index);
                    checked = Qt.binding(() => segment.current);   // the click has set it by itself
                }
                Accessible.onPressAction: clicked()
                Accessible.onToggleAction: clicked()
                Keys.onLeftPressed: segmented.step(-1)
                Keys.onRightPressed: segmented.step(1)
                contentItem: Item {
                    TextLine {
                        id: label
                        anchors.centerIn: parent
                        text: segment.text
                        weight: segment.current ? Font.Medium : Font.Normal
                        color: segment.current || segment.hovered ? Theme.ink : Theme.ink2
                        Accessible.ignored: true
                    }
                }
                background: Rectangle {
                    radius: Theme.px(6)
                    color: segment.current ? (Theme.dark ? Theme.lineStrong : Theme.raised) : Qt.alpha(Theme.raised, 0)
                    border.width: segment.current ? 1 : 0
                    border.color: Theme.lineStrong
                    FocusRing {
                        shown: segment.visualFocus
                        radiusInside: Theme.px(6)
                    }
                }
            }
        }
    }

    function choose(index: int) {
        if (index >= 0 && index < options.length) {
            chosen(index);
        }
    }
    function step(by: int) {
        const next = current + (LayoutMirroring.enabled ? -by : by);
        if (next >= 0 && next < options.length) {
            chosen(next);
            (repeater.itemAt(next) as Item).forceActiveFocus(Qt.TabFocusReason);
        }
    }
}
