pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A one-line label. Its baseline is line/2 + 0.364 x size below its top whatever glyphs it holds, so that labels with
// and without Chinese characters sit level beside each other; its whole text shows in a tooltip when it is cut.
Item {
    id: line

    property alias text: label.text
    property alias color: label.color
    property alias elide: label.elide
    property alias textFormat: label.textFormat
    property alias horizontalAlignment: label.horizontalAlignment
    property alias truncated: label.truncated
    property TextStyle style: Theme.ui
    property int weight: style.weight
    property bool figures: false
    readonly property int lineHeight: Theme.px(style.line)

    implicitWidth: Math.ceil(label.implicitWidth)
    implicitHeight: lineHeight
    baselineOffset: Math.round(lineHeight / 2 + 0.364 * label.font.pixelSize)
    Accessible.role: Accessible.StaticText
    Accessible.name: label.text
    Accessible.ignored: label.text === ""

    Text {
        id: label
        objectName: "text"
        y: Math.round(line.baselineOffset - label.baselineOffset)
        width: line.width
        color: Theme.ink
        elide: Text.ElideRight
        textFormat: Text.PlainText
        maximumLineCount: 1
        font.family: line.figures ? Theme.figures : line.style.family
        font.pixelSize: Theme.px(line.style.size)
        font.weight: line.weight
        font.letterSpacing: line.style.tracking * Theme.zoom
        Accessible.ignored: true
    }
    HoverHandler {
        id: hover
        enabled: label.truncated
    }
    Tip {
        shown: hover.hovered && label.truncated
        text: shown ? label.text : ""   // read when shown: most texts are never, and some change often
    }
}
