pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// A word to click, in accent ink.
T.Button {
    id: button

    implicitHeight: Theme.px(28)
    implicitWidth: label.implicitWidth + Theme.px(8)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    Accessible.onPressAction: if (enabled) clicked()   // Qt 6.4 lists Press for every button and does nothing
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()
    contentItem: Item {
        TextLine {
            id: label
            anchors.centerIn: parent
            text: button.text
            color: button.hovered ? Theme.accentHover : Theme.accentInk
            Accessible.ignored: true
        }
    }
    background: Item {
        FocusRing {
            shown: button.visualFocus
            radiusInside: 4
            anchors.margins: 0
        }
    }
}
