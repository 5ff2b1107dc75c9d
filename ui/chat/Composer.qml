// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// Where one writes. Enter sends (never while an input method composes), Shift+Enter breaks the line, Esc stops, Up in
// an empty field edits the last question. It grows to 40 % of the window, then scrolls.
FocusScope {
    id: composer

    required property ChatController chat
    required property ModelController models
    required property ChatScope scope
    required property DocumentLibrary library
    readonly property int chipsHeight: scope.count > 0 ? chips.implicitHeight + Theme.px(8) : 0
    property bool narrow: false
    property int windowHeight: 900
    readonly property int textHeight: Math.min(Math.max(Theme.px(Theme.body.line), Math.ceil(area.contentHeight)),
                                               Math.round(windowHeight * 0.4) - Theme.px(92 - Theme.body.line))
    readonly property alias composing: area.inputMethodComposing
    signal editLastAsked
    signal modelsPageAsked
    signal documentsPageAsked

    // 92 with one line, in Chinese too, whose lines are 2 px higher.
    implicitHeight: Theme.px(92 - Theme.body.line) + textHeight + chipsHeight
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Message")

    function focusText() {
        area.forceActiveFocus(Qt.ShortcutFocusReason);
    }
    function openThinking() {
        thinking.openMenu();
    }
    function openModels() {
        picker.openMenu();
    }

    Depth1 { radius: face.radius }
    Rectangle {
        id: face
        anchors.fill: parent
        radius: Theme.px(14)
        color: Theme.raised
        border.width: 1
        border.color: area.activeFocus ? Theme.field : Theme.lineStrong
    }
    AttachmentChips {
        id: chips
        visible: composer.scope.count > 0
        x: Theme.px(12)
        y: Theme.px(12)
        width: parent.width - 2 * x
        height: implicitHeight
        scope: composer.scope
    }
    Flickable {
        id: view
        x: 1
        y: composer.chipsHeight + Theme.px(26 - Theme.body.line / 2) - above
        width: parent.width - 2
        height: composer.textHeight + above
        // A fixed line height puts its leading above the letters; the placeholder beside it has it on both sides.
        readonly property int above: Theme.px(Theme.body.line) - Theme.px(21)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        contentHeight: area.implicitHeight
        T.ScrollBar.vertical: ScrollThumb {}
        T.TextArea.flickable: T.TextArea {
            id: area
            objectName: "composerText"
            focus: true
            text: composer.chat.draft
            leftPadding: Theme.px(16)
            rightPadding: Theme.px(16)
            topPadding: 0
            bottomPadding: 0
            implicitHeight: contentHeight
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            selectByMouse: true
            color: Theme.ink
            selectionColor: Theme.selection
            selectedTextColor: Theme.ink
            font.family: Theme.sans
            font.pixelSize: Theme.px(Theme.body.size)
            font.letterSpacing: Theme.body.tracking * Theme.zoom
            cursorDelegate: TextCaret {
                shown: area.cursorVisible
                blinking: area.activeFocus
                tall: Theme.px(20)
            }
            CodeHighlighter {
                document: area.textDocument
                language: ""
                lineHeight: Theme.px(Theme.body.line)
            }
            Accessible.role: Accessible.EditableText
            Accessible.name: qsTr("Message")
            Accessible.description: placeholder.text
            onTextChanged: if (text !== composer.chat.draft) composer.chat.draft = text
            Keys.onPressed: event => composer.takeKey(event)
        }
        TextLine {
            id: placeholder
            visible: area.length === 0 && area.preeditText === ""
            x: Theme.px(16)
            y: view.above
            width: view.width - Theme.px(32)
            text: composer.chat.cannotSendReason !== "" && !composer.chat.busy ? composer.chat.cannotSendReason
                : composer.chat.busy ? qsTr("Reply, or wait for the answer")
                : composer.chat.completionOnly ? qsTr("Text for the model to continue")
                : composer.scope.attached === 1 ? qsTr("Ask about this document")
                : composer.scope.count > 0 ? qsTr("Ask about these documents")
                : composer.chat.empty ? qsTr("Ask anything") : qsTr("Reply")
            style: Theme.body
            color: Theme.ink3
            Accessible.ignored: true
        }
    }
    Row {
        x: Theme.px(8)
        y: parent.height - height - Theme.px(9)
        height: Theme.px(32)
        spacing: Theme.px(4)
        AttachButton {
            visible: composer.library.available
            scope: composer.scope
            library: composer.library
            onDocumentsPageAsked: composer.documentsPageAsked()
        }
        ThinkingControl {
            id: thinking
            visible: composer.chat.canThink
            chat: composer.chat
        }
        Item {
            visible: thinking.visible && picker.visible
            width: Theme.px(9)
            height: parent.height
            Divider {
                vertical: true
                anchors.centerIn: parent
                height: Theme.px(16)
                color: Theme.lineStrong
            }
        }
        ModelPicker {
            id: picker
            visible: !composer.narrow
            models: composer.models
            room: composer.width - x - Theme.px(64)
            onModelsPageAsked: composer.modelsPageAsked()
        }
    }
    SendButton {
        x: parent.width - width - Theme.px(9)
        y: parent.height - height - Theme.px(9)
        running: composer.chat.busy
        ready: composer.chat.canSend
        stopping: composer.chat.state === ChatController.Stopping
        onSendAsked: composer.chat.send()
        onStopAsked: composer.chat.stop()
    }

    function takeKey(event: var) {
        const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
        if (area.inputMethodComposing) {
            // These belong to the composition; here they would send, stop, or break the line.
            event.accepted = enter || event.key === Qt.Key_Escape || event.key === Qt.Key_Up;
            return;
        }
        const plain = event.modifiers === Qt.NoModifier || event.modifiers === Qt.KeypadModifier;
        if (enter && plain) {
            event.accepted = true;
            if (chat.canSend) {
                chat.send();
            }
        } else if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab) {
            event.accepted = true;
            area.nextItemInFocusChain(event.key === Qt.Key_Tab).forceActiveFocus(
                event.key === Qt.Key_Tab ? Qt.TabFocusReason : Qt.BacktabFocusReason);
        } else if (event.matches(StandardKey.Paste) && scope.paste()) {
            event.accepted = true;
        } else if (event.key === Qt.Key_Escape && chat.busy) {
            event.accepted = true;
            chat.stop();
        } else if (event.key === Qt.Key_Up && plain && area.length === 0) {
            event.accepted = true;
            editLastAsked();
        }
    }
}
