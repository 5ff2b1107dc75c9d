import QtQuick
import Pellucid.Content

// One block of inline Markdown: wraps, selects, links, code chips, formulas. Colours and type come from outside.
TextEdit {
    id: edit

    /// Inline Markdown.
    property string source: ""
    property bool streaming: false
    property real lineHeight: 24
    property color linkColor: "#075A78"
    property color chipColor: "#EDF0F2"
    property color errorColor: "#8A5300"
    property string codeFamily: "Pellucid Mono"
    property real codePixelSize: Math.round(font.pixelSize * 13 / 15)
    property real mathScale: 1.21
    /// Width of the text on one line.
    readonly property real naturalWidth: Math.ceil(implicitWidth)

    /// What is selected as a person means it: formulas as $TeX$. (Ctrl+C gives this; copy() would not.)
    function selectedMarkdown(): string {
        return fill.textBetween(selectionStart, selectionEnd);
    }

    textFormat: TextEdit.RichText
    wrapMode: TextEdit.Wrap
    readOnly: true
    selectByMouse: true
    activeFocusOnPress: true
    activeFocusOnTab: false
    selectedTextColor: color
    font.hintingPreference: Font.PreferNoHinting
    Accessible.role: Accessible.StaticText
    Accessible.name: source
    Component.onCompleted: fill.active = true

    RichTextFill {
        id: fill
        document: edit.textDocument
        source: edit.source
        streaming: edit.streaming
        font: edit.font
        lineHeight: edit.lineHeight
        horizontalAlignment: edit.horizontalAlignment
        codeFamily: edit.codeFamily
        codePixelSize: edit.codePixelSize
        color: edit.color
        linkColor: edit.linkColor
        chipColor: edit.chipColor
        errorColor: edit.errorColor
        mathScale: edit.mathScale
    }
    HoverHandler {
        cursorShape: edit.hoveredLink !== "" ? Qt.PointingHandCursor : Qt.IBeamCursor
    }
}
