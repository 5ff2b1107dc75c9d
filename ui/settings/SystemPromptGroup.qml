// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// What is said to the model before every chat.
FormGroup {
    id: group

    required property ModelSettingsBackend backend

    heading: qsTr("System prompt")
    Item {
        width: parent ? parent.width : 0
        implicitHeight: area.height + Theme.px(16)
        Rectangle {
            y: Theme.px(8)
            width: parent.width
            height: area.height
            radius: Theme.px(8)
            color: Theme.raised
            border.width: area.activeFocus ? 2 : 1
            border.color: area.activeFocus ? Theme.accent : Theme.field
        }
        T.TextArea {
            id: area
            y: Theme.px(8)
            width: parent.width
            height: Math.max(Theme.px(76), contentHeight + Theme.px(20))
            leftPadding: Theme.px(12)
            rightPadding: Theme.px(12)
            topPadding: Theme.px(8)
            bottomPadding: Theme.px(8)
            text: group.backend.systemPrompt
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            selectByMouse: true
            color: Theme.ink
            selectionColor: Theme.selection
            selectedTextColor: Theme.ink
            font.family: Theme.sans
            font.pixelSize: Theme.px(13)
            cursorDelegate: TextCaret { shown: area.cursorVisible }
            Accessible.role: Accessible.EditableText
            Accessible.name: qsTr("System prompt")
            Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
            onTextChanged: if (activeFocus && text !== group.backend.systemPrompt) group.backend.systemPrompt = text
        }
        TextLine {
            visible: area.length === 0 && area.preeditText === ""
            x: Theme.px(12)
            y: Theme.px(16)
            text: qsTr("Nothing is added before a chat")
            color: Theme.ink3
            Accessible.ignored: true
        }
    }
}
