// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// The bubble while its question is edited: Enter sends (never while an input method composes), Esc leaves it as it was.
FocusScope {
    id: editor

    property alias text: area.text
    signal done(string newText)
    signal cancelled

    implicitHeight: area.implicitHeight + Theme.px(44)
    Component.onCompleted: {
        area.forceActiveFocus(Qt.OtherFocusReason);
        area.cursorPosition = area.length;
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(12)
        color: Theme.raised
        border.width: 2
        border.color: Theme.accent
    }
    T.TextArea {
        id: area
        width: parent.width
        leftPadding: Theme.px(16)
        rightPadding: Theme.px(16)
        topPadding: Theme.px(8)   // the fixed line height puts its leading above the text
        bottomPadding: Theme.px(6)
        implicitHeight: contentHeight + topPadding + bottomPadding
        wrapMode: TextEdit.Wrap
        focus: true
        color: Theme.ink
        selectionColor: Theme.selection
        selectedTextColor: Theme.ink
        selectByMouse: true
        font.family: Theme.sans
        font.pixelSize: Theme.px(Theme.body.size)
        font.letterSpacing: Theme.body.tracking * Theme.zoom
        cursorDelegate: TextCaret {
            shown: area.cursorVisible
            tall: Theme.px(20)
        }
        CodeHighlighter {
            document: area.textDocument
            language: ""
            lineHeight: Theme.px(Theme.body.line)
        }
        Accessible.name: qsTr("Edit the question")
        Keys.onPressed: event => {
            const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
            if (inputMethodComposing) {
                event.accepted = enter || event.key === Qt.Key_Escape;
            } else if (enter && !(event.modifiers & Qt.ShiftModifier)) {
                event.accepted = true;
                editor.done(text);
            } else if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab) {
                event.accepted = true;
                nextItemInFocusChain(event.key === Qt.Key_Tab).forceActiveFocus(Qt.TabFocusReason);
            } else if (event.key === Qt.Key_Escape) {
                event.accepted = true;
                editor.cancelled();
            }
        }
    }
    Row {
        x: parent.width - width - Theme.px(8)
        y: parent.height - height - Theme.px(8)
        spacing: Theme.px(4)
        PushButton {
            size: 28
            kind: PushButton.Ghost
            text: qsTr("Cancel")
            onClicked: editor.cancelled()
        }
        PushButton {
            size: 28
            kind: PushButton.Primary
            enabled: area.text.trim() !== ""
            text: qsTr("Ask")
            onClicked: editor.done(area.text)
        }
    }
}
