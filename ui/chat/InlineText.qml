pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// Inline Markdown in one of the theme's styles, with the theme's colours for links, chips and broken formulas.
RichTextBlock {
    property TextStyle style: Theme.body
    property bool quiet: false

    font.family: style.family
    font.pixelSize: Theme.px(style.size)
    font.weight: style.weight
    font.letterSpacing: style.tracking * Theme.zoom
    lineHeight: Theme.px(style.line)
    linkColor: Theme.accentInk
    chipColor: Theme.fill
    errorColor: Theme.warn
    codeFamily: Theme.mono
    selectionColor: Theme.selection
    citeColor: Theme.accentTint
    citeInk: Theme.accentInk
    citeOpenColor: Theme.accent
    citeOpenInk: Theme.accentOn
    citePixelSize: Theme.px(Theme.caption.size)
    signal citationClicked(number: int)
    // A model wrote the link: only what a browser or a mail program opens.
    onLinkActivated: link => {
        if (/^cite:[0-9]+$/.test(link)) {
            citationClicked(Number(link.slice(5)));
            return;
        }
        if (/^(https?|mailto):/i.test(link)) {
            Qt.openUrlExternally(link);
        }
    }
}
