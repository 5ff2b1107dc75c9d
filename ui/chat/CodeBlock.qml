pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.Content

// Code: sunken, sideways scroll, language and copy at the top end. More than 24 lines fold to 16. While it streams
// the text is appended, so that what is done is neither laid out nor coloured again.
Rectangle {
    id: block

    required property string code
    required property string language
    required property bool closed
    property bool unfolded: false
    property bool copied: false
    readonly property int lines: edit.lineCount
    readonly property bool foldable: closed && lines > 24
    readonly property bool folded: foldable && !unfolded
    readonly property int lineHeight: Theme.px(Theme.code.line)

    implicitHeight: Theme.px(24) + (folded ? 16 * lineHeight : edit.contentHeight) + (foldable ? Theme.px(32) : 0)
    radius: Theme.px(10)
    color: Theme.sunken
    border.width: 1
    border.color: Theme.line
    Accessible.role: Accessible.Section
    Accessible.name: language === "" ? qsTr("Code") : qsTr("Code, %1").arg(language)
    onCodeChanged: edit.take(code)
    Component.onCompleted: edit.take(code)

    SidewaysView {
        id: view
        x: Theme.px(16)
        y: Theme.px(12)
        width: parent.width - Theme.px(32)
        height: block.folded ? 16 * block.lineHeight : edit.contentHeight
        name: block.Accessible.name
        ground: Theme.sunken
        contentWidth: colours.longestLine
        clip: true
        T.ScrollBar.horizontal: ScrollThumb {
            parent: block
            x: Theme.px(12)
            y: view.y + view.height
            width: block.width - Theme.px(24)
        }
        TextEdit {
            id: edit
            // A width of its own: without one every insertion lays all lines out again.
            width: Math.max(view.width, colours.naturalWidth)
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.NoWrap
            readOnly: true
            selectByMouse: true
            activeFocusOnPress: true
            activeFocusOnTab: false
            color: Theme.ink
            selectionColor: Theme.selection
            selectedTextColor: Theme.ink
            font.family: Theme.code.family
            font.pixelSize: Theme.px(Theme.code.size)
            Accessible.name: qsTr("Code")
            LayoutMirroring.enabled: false

            function take(text: string) {
                // The end of what stands tells whether the new text goes on from it; comparing all would cost its length.
                const tail = Math.max(0, length - 40);
                if (length > 0 && text.length > length && text.slice(tail, length) === getText(tail, length)) {
                    insert(length, text.slice(length));
                } else if (text !== edit.text) {
                    edit.text = text;
                }
            }
        }
        CodeHighlighter {
            id: colours
            document: edit.textDocument
            language: block.language
            lineHeight: block.lineHeight
            keywordColor: Theme.codeKeyword
            functionColor: Theme.codeFunction
            numberColor: Theme.codeNumber
            stringColor: Theme.codeString
            commentColor: Theme.codeComment
        }
    }
    Rectangle {
        x: tools.x - Theme.px(8)
        y: 1
        width: parent.width - x - 1
        height: Theme.px(34)
        radius: Theme.px(9)
        color: Theme.sunken
        visible: view.contentWidth > tools.x - view.x
    }
    Row {
        id: tools
        x: parent.width - width - Theme.px(8)
        y: Theme.px(6)
        spacing: Theme.px(4)
        TextLine {
            anchors.verticalCenter: parent.verticalCenter
            text: block.language
            style: Theme.caption
            color: Theme.ink3
        }
        IconButton {
            id: copy
            iconName: block.copied ? "check" : "copy"
            restColor: block.copied ? Theme.ok : Theme.ink3
            text: block.copied ? qsTr("Copied") : qsTr("Copy code")
            onClicked: {
                edit.selectAll();
                edit.copy();
                edit.deselect();
                block.copied = true;
                back.restart();
            }
        }
    }
    Timer {
        id: back
        interval: 1500
        onTriggered: block.copied = false
    }
    LinkButton {
        visible: block.foldable
        x: Theme.px(12)
        y: parent.height - height - Theme.px(6)
        text: block.folded ? qsTr("Show %n more line(s)", "", block.lines - 16) : qsTr("Show less")
        onClicked: block.unfolded = !block.unfolded
    }
}
