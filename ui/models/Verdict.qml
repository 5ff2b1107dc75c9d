pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// Whether it fits: an icon and words, never colour alone. In part is no warning; slow is.
Row {
    id: verdict

    property bool fits: true
    property string severity: fits ? "ok" : "bad"
    required property string text
    property int weight: Font.Medium
    property int widest: 10000
    readonly property color inkColor: severity === "ok" ? Theme.ok : severity === "bad" ? Theme.bad
                                    : severity === "warn" ? Theme.warn : Theme.ink2

    visible: text !== ""
    spacing: Theme.px(6)
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: verdict.severity === "ok" ? "check" : verdict.severity === "bad" ? "x"
            : verdict.severity === "warn" ? "warn" : "half"
        size: Theme.px(14)
        color: verdict.inkColor
    }
    TextLine {
        width: Math.min(implicitWidth, verdict.widest - Theme.px(20))
        text: verdict.text
        weight: verdict.weight
        color: verdict.inkColor
    }
}
