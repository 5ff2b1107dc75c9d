pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// Heads over the columns of a list of models. Each ends (or, the last, begins) where its column does.
Item {
    id: heads

    required property list<string> titles   // model, size, speed (may be empty), verdict
    required property int sizeEdge
    required property int speedEdge
    required property int verdictX

    implicitHeight: Theme.px(36)

    component Head: TextLine {
        anchors.verticalCenter: parent.verticalCenter
        style: Theme.label
        weight: Font.Medium
        color: Theme.ink3
    }
    Head {
        x: Theme.px(16)
        text: heads.titles[0]
    }
    Head {
        x: heads.sizeEdge - width
        text: heads.titles[1]
    }
    Head {
        visible: text !== ""
        x: heads.speedEdge - width
        text: heads.titles[2]
    }
    Head {
        x: heads.verdictX
        text: heads.titles[3]
    }
    Divider {
        y: parent.height - 1
        width: parent.width
        color: Theme.lineStrong
    }
}
