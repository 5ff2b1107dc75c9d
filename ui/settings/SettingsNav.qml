pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// The pages of the settings; below a heading, the model in use.
FocusScope {
    id: nav

    required property list<string> ids
    required property list<string> titles
    required property list<string> icons
    required property bool hasModel
    required property string current
    signal chosen(string id)
    signal backAsked

    Accessible.role: Accessible.PageTabList
    Accessible.name: qsTr("Settings pages")

    Rectangle {
        anchors.fill: parent
        color: Theme.side
        Divider {
            vertical: true
            x: parent.width - 1
            height: parent.height
        }
    }
    IconButton {
        x: Theme.px(12)
        y: Math.round((Theme.header - height) / 2)
        iconName: "back"
        restColor: Theme.ink
        text: qsTr("Back to the chats")
        keys: "Esc"
        onClicked: nav.backAsked()
    }
    TextLine {
        x: Theme.px(48)
        y: Math.round((Theme.header - height) / 2)
        text: qsTr("Settings")
        style: Theme.modelName
        weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    Column {
        x: Theme.px(12)
        y: Theme.header + Theme.px(4)
        width: parent.width - Theme.px(24)
        Repeater {
            model: 5
            NavRow {
                required property int index
                width: parent ? parent.width : 0
                iconName: nav.icons[index]
                text: nav.titles[index]
                chosen: nav.current === nav.ids[index]
                onClicked: nav.chosen(nav.ids[index])
            }
        }
        Item {
            visible: nav.hasModel
            width: parent.width
            height: Theme.px(40)
            TextLine {
                x: Theme.px(10)
                y: Theme.px(18)
                text: qsTr("Model in use")
                style: Theme.caption
                weight: Font.Medium
                color: Theme.ink3
            }
        }
        NavRow {
            visible: nav.hasModel
            width: parent.width
            text: nav.titles[5]
            chosen: nav.current === "model"
            onClicked: nav.chosen("model")
        }
    }
}
