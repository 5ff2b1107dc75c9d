pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// Under the composer of a new chat: three plain suggestions.
Column {
    id: empty

    required property ChatController chat

    spacing: Theme.px(2)
    Repeater {
        model: [qsTr("Explain a hard idea with a small example"),
                qsTr("Find the mistake in a calculation"),
                qsTr("Write a short script and say how it works")]
        T.AbstractButton {
            id: suggestion
            required property string modelData
            width: empty.width
            implicitHeight: Theme.px(36)
            text: modelData
            hoverEnabled: true
            focusPolicy: Qt.StrongFocus
            Accessible.role: Accessible.Button
            Accessible.name: text
            onClicked: empty.chat.draft = suggestion.text
            Accessible.onPressAction: suggestion.clicked()
            Keys.onReturnPressed: suggestion.clicked()
            contentItem: Item {
                TextLine {
                    x: Theme.px(16)
                    width: parent.width - Theme.px(32)
                    anchors.verticalCenter: parent.verticalCenter
                    text: suggestion.text
                    color: suggestion.hovered ? Theme.ink : Theme.ink2
                    Accessible.ignored: true
                }
            }
            background: Rectangle {
                radius: Theme.px(8)
                color: suggestion.down ? Theme.fillHover : suggestion.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
                FocusRing {
                    shown: suggestion.visualFocus
                    radiusInside: Theme.px(8)
                }
            }
        }
    }
}
