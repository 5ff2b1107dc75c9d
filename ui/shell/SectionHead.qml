pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A section's heading in the sidebar: caption, 24 high, 16 above.
Item {
    required property string section

    implicitHeight: section === "" ? 0 : Theme.px(40)
    TextLine {
        x: Theme.px(10)
        y: Theme.px(18)
        width: parent.width - Theme.px(20)
        text: parent.section
        style: Theme.caption
        weight: Font.Medium
        color: Theme.ink3
        Accessible.role: Accessible.Heading
    }
}
