import QtQuick
import Pellucid.Content

// One block of inline Markdown: wraps, selects, links, code chips, formulas. Colours and type come from outside.
// The TextEdit is not the root: whoever asks one for its implicit width (a Loader does) makes it lay its whole text
// out twice more at every change.
Item {
    id: block

    /// Inline Markdown.
    property string source: ""
    property bool streaming: false
    property alias font: edit.font
    property alias color: edit.color
    property alias horizontalAlignment: edit.horizontalAlignment
    property alias selectionColor: edit.selectionColor
    property alias selectedText: edit.selectedText
    property alias hoveredLink: edit.hoveredLink
    property alias lineHeight: fill.lineHeight
    property alias linkColor: fill.linkColor
    property alias chipColor: fill.chipColor
    property alias errorColor: fill.errorColor
    property alias codeFamily: fill.codeFamily
    property real codePixelSize: Math.round(font.pixelSize * 13 / 15)
    property alias mathScale: fill.mathScale
    property alias citations: fill.citations
    property alias openCitation: fill.openCitation
    property alias citeColor: fill.citeColor
    property alias citeInk: fill.citeInk
    property alias citeOpenColor: fill.citeOpenColor
    property alias citeOpenInk: fill.citeOpenInk
    property alias citePixelSize: fill.citePixelSize
    property alias doubts: fill.doubts
    readonly property var doubted: fill.doubted
    /// Width of the text on one line. Costs a second layout where it is read.
    property alias naturalWidth: fill.naturalWidth
    readonly property TextEdit edit: edit

    signal linkActivated(link: string)

    /// What is selected as a person means it: formulas as $TeX$. (Ctrl+C gives this; TextEdit.copy() would not.)
    function selectedMarkdown(): string {
        return fill.textBetween(edit.selectionStart, edit.selectionEnd);
    }
    function selectAll() {
        edit.selectAll();
    }

    implicitHeight: edit.contentHeight
    Component.onCompleted: fill.active = true

    TextEdit {
        id: edit
        width: block.width
        textFormat: TextEdit.RichText
        wrapMode: TextEdit.Wrap
        readOnly: true
        selectByMouse: true
        activeFocusOnPress: true
        activeFocusOnTab: false
        selectedTextColor: color
        Accessible.role: Accessible.StaticText
        Accessible.name: block.source
        onLinkActivated: link => block.linkActivated(link)

        RichTextFill {
            id: fill
            document: edit.textDocument
            source: block.source
            streaming: block.streaming
            font: edit.font
            horizontalAlignment: edit.horizontalAlignment
            codePixelSize: block.codePixelSize
            color: edit.color
        }
        HoverHandler {
            cursorShape: edit.hoveredLink !== "" ? Qt.PointingHandCursor : Qt.IBeamCursor
        }
    }
}
