pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid

// A word to click, in accent ink.
T.Button {
    id: button

    property bool quiet: false   // a label that can be clicked

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
            style: button.quiet ? Theme.label : Theme.ui
            figures: button.quiet
            color: button.hovered ? Theme.accentHover : button.quiet ? Theme.ink3 : Theme.accentInk
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
