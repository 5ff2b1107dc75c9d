pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Text that wraps, on the fixed lines of its style. Qt puts a line's leading below its letters, and letters with Chinese
// among them lower: moved so that the first baseline is where TextLine has it, line/2 + 0.364 x size below the top.
Text {
    id: prose

    property TextStyle style: Theme.ui

    color: Theme.ink
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    lineHeightMode: Text.FixedHeight
    lineHeight: Theme.px(style.line)
    font.family: style.family
    font.pixelSize: Theme.px(style.size)
    font.weight: style.weight
    font.letterSpacing: style.tracking * Theme.zoom
    linkColor: Theme.accentInk
    transform: Translate {
        y: Math.round(prose.lineHeight / 2 + 0.364 * prose.font.pixelSize - prose.baselineOffset)
    }
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
