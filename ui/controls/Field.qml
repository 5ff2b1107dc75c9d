// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// A one-line text field. Focus turns its border to 2 px of accent instead of drawing a ring.
T.TextField {
    id: field

    property string name: placeholderText
    property string iconName: ""
    property string keys: ""
    property bool quiet: false       // the search field: on fill, without an edge
    property bool clearable: false
    property bool bad: false

    implicitWidth: Theme.px(160)
    implicitHeight: Theme.px(32)
    leftPadding: Theme.px(iconName === "" ? 12 : 32)
    rightPadding: Theme.px(12) + (keyHint.visible ? keyHint.width + Theme.px(4) : 0) + (clear.visible ? Theme.px(18) : 0)
    verticalAlignment: TextInput.AlignVCenter
    // Qt keeps the Latin baseline when a line has Chinese letters, but centres their taller box: half of what they are
    // taller would be missing above.
    readonly property int taller: Math.max(0, Math.round(contentHeight - metrics.height))
    topPadding: taller
    color: Theme.ink
    placeholderTextColor: Theme.ink3
    selectionColor: Theme.selection
    selectedTextColor: Theme.ink
    selectByMouse: true
    opacity: enabled ? 1 : 0.4
    hoverEnabled: true
    font.family: Theme.sans
    font.pixelSize: Theme.px(13)
    Accessible.name: name
    cursorDelegate: TextCaret {
        blinking: field.activeFocus
        shown: field.cursorVisible
        tall: Theme.px(16)
        lift: field.taller
    }
    FontMetrics {
        id: metrics
        font: field.font
    }


    TextLine {
        x: field.leftPadding
        y: Math.round((field.height - height) / 2)
        width: field.width - x - field.rightPadding
        visible: field.text === "" && field.preeditText === ""
        text: field.placeholderText
        color: Theme.ink3
        Accessible.ignored: true
    }
    Icon {
        visible: field.iconName !== ""
        x: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        name: field.iconName
        size: Theme.px(14)
        color: Theme.ink3
    }
    TextLine {
        id: keyHint
        visible: field.keys !== "" && field.text === "" && !field.activeFocus
        x: field.width - width - Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        text: field.keys.replace("+", " ")
        style: Theme.caption
        color: Theme.ink3
        Accessible.ignored: true
    }
    IconButton {
        id: clear
        visible: field.clearable && field.text !== ""
        x: field.width - width - Theme.px(4)
        anchors.verticalCenter: parent.verticalCenter
        size: 24
        iconSize: 12
        iconName: "x"
        text: qsTr("Clear")
        onClicked: {
            field.clear();
            field.textEdited();
            field.forceActiveFocus();
        }
    }
    background: Rectangle {
        radius: Theme.px(8)
        color: field.quiet ? Theme.fill : Theme.raised
        border.width: field.activeFocus || field.bad ? 2 : field.quiet ? 0 : 1
        border.color: field.bad ? Theme.bad : field.activeFocus ? Theme.accent : field.hovered ? Theme.ctl : Theme.field
    }
}
