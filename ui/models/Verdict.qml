pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// Whether it fits: an icon and words, never colour alone.
Row {
    id: verdict

    required property bool fits
    required property string text
    property int weight: Font.Medium

    visible: text !== ""
    spacing: Theme.px(6)
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: verdict.fits ? "check" : "x"
        size: Theme.px(14)
        color: verdict.fits ? Theme.ok : Theme.bad
    }
    TextLine {
        text: verdict.text
        weight: verdict.weight
        color: verdict.fits ? Theme.ok : Theme.bad
    }
}
