pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.Content

// The mark: two discs, their overlap in accent.
Icon {
    property int side: 20

    name: "mark"
    size: Theme.px(side)
    color: Theme.ink
    accent: Theme.accent
    Accessible.role: Accessible.Graphic
    Accessible.name: "Pellucid"
}
