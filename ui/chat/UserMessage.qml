// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// A question: a bubble at the end side. Beside it, on hover or focus, edit and copy; with more than one version they
// stand below it with the switcher, and stay. Editing turns the bubble into a field of the same size.
FocusScope {
    id: message

    required property ChatController chat
    required property string messageId
    required property string text
    required property int branchIndex
    required property int branchCount
    property bool editing: false
    readonly property int widest: Math.min(width, Theme.px(width < Theme.px(600) ? 340 : 600))

    // With more than one version the tools are a row below (8 above it, 12 to what follows); otherwise they stand
    // beside the bubble, so that showing them moves nothing.
    readonly property bool below: branchCount > 1
    implicitHeight: editing && editor.item ? (editor.item as Item).implicitHeight : bubble.height + (below ? Theme.px(32) : 0)
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("You: %1").arg(text)

    function beginEdit() {
        editing = true;
        (editor.item as Item)?.forceActiveFocus(Qt.OtherFocusReason);
    }
    function endEdit(newText: string) {
        editing = false;
        if (newText.trim() !== "" && newText !== text) {
            chat.edit(messageId, newText);
        }
    }

    HoverHandler { id: hover }
    Rectangle {
        id: bubble
        x: parent.width - width
        width: message.editing ? Math.max(Theme.px(320), natural) : natural
        readonly property int natural: Math.min(message.widest, Math.ceil(measure.implicitWidth) + Theme.px(32))
        height: words.implicitHeight + Theme.px(20)
        radius: Theme.px(12)
        color: Theme.fill
        visible: !message.editing
        TextEdit {
            id: words
            x: Theme.px(16)
            y: Theme.px(8)   // the fixed line height puts its leading above the text
            width: parent.width - Theme.px(32)
            text: message.text
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            readOnly: true
            selectByMouse: true
            color: Theme.ink
            selectionColor: Theme.selection
            selectedTextColor: Theme.ink
            font.family: Theme.sans
            font.pixelSize: Theme.px(Theme.body.size)
            font.letterSpacing: Theme.body.tracking * Theme.zoom
            activeFocusOnTab: false
            Accessible.ignored: true
            CodeHighlighter {
                document: words.textDocument
                language: ""
                lineHeight: Theme.px(Theme.body.line)
            }
        }
        Text {
            id: measure
            visible: false
            text: message.text.length > 400 ? message.text.slice(0, 400) : message.text
            textFormat: Text.PlainText
            font: words.font
        }
    }
    Loader {
        id: editor
        active: message.editing
        x: parent.width - width
        width: Math.max(Math.min(message.widest, Theme.px(420)), bubble.natural)
        sourceComponent: MessageEditor {
            text: message.text
            onDone: newText => message.endEdit(newText)
            onCancelled: message.editing = false
        }
    }
    Row {
        id: tools
        readonly property bool wanted: message.below || hover.hovered || activeFocusInside
        readonly property bool activeFocusInside: editButton.activeFocus || copyButton.activeFocus
        visible: !message.editing
        x: message.below ? parent.width - width : bubble.x - width - Theme.px(6)
        y: message.below ? bubble.height + Theme.px(8) : bubble.height - height - Theme.px(8)
        spacing: Theme.px(2)
        BranchSwitcher {
            visible: message.branchCount > 1
            index: message.branchIndex
            count: message.branchCount
            onSwitched: by => message.chat.switchBranch(message.messageId, by)
        }
        IconButton {
            id: editButton
            opacity: tools.wanted ? 1 : 0
            iconName: "edit"
            text: qsTr("Edit and ask again")
            onClicked: message.beginEdit()
        }
        IconButton {
            id: copyButton
            opacity: tools.wanted ? 1 : 0
            iconName: "copy"
            text: qsTr("Copy question")
            onClicked: message.chat.copyQuestion(message.messageId)
        }
    }
}
