pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// Display maths, centred in the column, in the ink of its text; wider than the column it scrolls sideways with faded
// edges. Until the formula is complete, and when its TeX is broken, the source shows as code.
Item {
    id: block

    required property string tex
    required property bool closed
    required property bool terminated
    property bool quiet: false
    readonly property bool broken: terminated && maths.error !== ""
    readonly property bool asSource: !terminated || broken || !maths.ready

    implicitHeight: asSource ? source.implicitHeight : Math.ceil(maths.implicitHeight)
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Formula: %1").arg(tex)

    SidewaysView {
        id: view
        visible: !block.asSource
        anchors.fill: parent
        name: block.Accessible.name
        ground: block.quiet ? Theme.sunken : Theme.canvas
        contentWidth: Math.max(width, maths.implicitWidth)
        MathItem {
            id: maths
            x: Math.max(0, Math.round((view.width - implicitWidth) / 2))
            width: implicitWidth
            height: implicitHeight
            tex: block.terminated ? block.tex : ""
            displayMode: true
            color: block.quiet ? Theme.ink2 : Theme.ink
            pixelSize: Theme.px(block.quiet ? Theme.thought.size : Theme.body.size) * 1.21
        }
    }
    Prose {
        id: source
        visible: block.asSource
        width: parent.width
        text: block.tex
        style: Theme.code
        color: Theme.ink2
        property list<real> ends: []
        onLineLaidOut: line => {
            const widths = line.number === 0 ? [] : ends.slice();
            widths.push(line.implicitWidth);
            ends = widths;
        }
        // Dots of 2 px in amber below each line: Text has no dotted underline of its own.
        Repeater {
            model: block.broken ? source.ends : []
            Row {
                id: dots
                required property int index
                required property real modelData
                y: (index + 1) * Theme.px(Theme.code.line) - 1
                spacing: 2
                Repeater {
                    model: Math.ceil(dots.modelData / 4)
                    Rectangle {
                        width: 2
                        height: 2
                        radius: 1
                        color: Theme.warn
                    }
                }
            }
        }
    }
    HoverHandler { id: hover }
    Tip {
        shown: hover.hovered && block.broken
        text: maths.error
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: menu.open()
    }
    PopupMenu {
        id: menu
        MenuRow {
            text: qsTr("Copy TeX")
            onTriggered: clip.copyText(block.tex)
        }
    }
    TextEdit {
        id: clip
        visible: false
        textFormat: TextEdit.PlainText
        function copyText(what: string) {
            text = what;
            selectAll();
            copy();
            text = "";
        }
    }
}
