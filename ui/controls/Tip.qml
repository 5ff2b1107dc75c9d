// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid

// A tooltip for its parent. It is built when first shown: there are many of them and few are ever seen.
Loader {
    id: tip

    property bool shown: false
    property string text: ""
    property string keys: ""

    active: false
    onShownChanged: if (shown) active = true
    sourceComponent: T.ToolTip {
        id: bubble
        parent: tip.parent
        x: parent ? Math.round((parent.width - width) / 2) : 0
        y: parent && bubble.fitsBelow ? parent.height + 6 : -height - 6
        readonly property bool fitsBelow: true
        delay: 600
        visible: tip.shown && tip.text !== ""
        margins: 8
        padding: 8
        topPadding: 6
        bottomPadding: 6
        implicitWidth: Math.min(Theme.px(360), contentItem.implicitWidth + leftPadding + rightPadding)
        implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
        closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent
        contentItem: Prose {
            text: tip.keys === "" ? tip.text : tip.text + "   " + tip.keys
            style: Theme.label
            color: Theme.ink
        }
        background: Raised { radius: 6 }
    }
}
