pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Text that wraps, on the fixed lines of its style.
Text {
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
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
