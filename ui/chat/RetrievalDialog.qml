// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App
import Pellucid.Content

// Every passage that was found for an answer: rank and score of each way to find it, and why it was given or left out.
ModalDialog {
    id: dialog

    required property ChatController chat
    property var found: []
    property string messageId: ""
    readonly property bool wide: width >= Theme.px(560)

    signal passageAsked(messageId: string, number: int)

    function ask(id: string) {
        messageId = id;
        found = chat.rows.retrieval(id);
        open();
    }

    width: Math.min(Theme.px(720), parent ? parent.width - 32 : Theme.px(720))
    title: qsTr("Why these passages")
    sentence: qsTr("Passages are found by their words and by their meaning; what both find comes first. Figures are rank and score.")
    safeText: qsTr("Close")

    ListView {
        id: rows
        objectName: "retrievalRows"
        width: parent.width
        height: Math.min(contentHeight, Theme.px(420), dialog.parent ? dialog.parent.height - Theme.px(280) : Theme.px(420))
        clip: true
        model: dialog.found
        activeFocusOnTab: true
        keyNavigationEnabled: false
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ScrollThumb {}
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Passages found")
        Accessible.focusable: true
        Keys.onUpPressed: contentY = Math.max(originY, contentY - Theme.px(60))
        Keys.onDownPressed: contentY = Math.max(originY, Math.min(originY + contentHeight - height, contentY + Theme.px(60)))
        delegate: Item {
            id: row
            required property var modelData
            required property int index
            readonly property var scores: [
                { name: qsTr("Words"), value: modelData.words },
                { name: qsTr("Meaning"), value: modelData.meaning },
                { name: qsTr("Reranked"), value: modelData.reranked }
            ]
            width: rows.width
            height: words.height + Theme.px(20)
            Accessible.role: Accessible.ListItem
            Accessible.name: [modelData.heading, modelData.place, modelData.why].filter(part => part !== "").join(", ")
            Divider {
                visible: row.index > 0
                width: parent.width
            }
            T.AbstractButton {
                id: opener
                visible: row.modelData.given
                x: -Theme.px(6)
                y: Theme.px(4)
                width: parent.width - Theme.px(6)
                height: parent.height - Theme.px(8)
                hoverEnabled: true
                focusPolicy: Qt.StrongFocus
                Accessible.name: qsTr("Open passage %1").arg(row.modelData.number)
                Accessible.onPressAction: clicked()   // Qt 6.4 lists Press for every button and does nothing
                Keys.onReturnPressed: clicked()
                Keys.onEnterPressed: clicked()
                onActiveFocusChanged: if (activeFocus) rows.positionViewAtIndex(row.index, ListView.Contain)
                onClicked: {
                    dialog.close();
                    dialog.passageAsked(dialog.messageId, row.modelData.number);
                }
                background: Rectangle {
                    radius: Theme.px(8)
                    color: opener.hovered ? Theme.fill : Qt.alpha(Theme.fill, 0)
                    FocusRing {
                        shown: opener.visualFocus
                        radiusInside: Theme.px(8)
                        anchors.margins: -2
                    }
                }
            }
            Rectangle {
                visible: row.modelData.given
                y: Theme.px(12)
                width: Math.max(Theme.px(16), number.implicitWidth + Theme.px(8))
                height: Theme.px(16)
                radius: Theme.px(4)
                color: Theme.accentTint
                TextLine {
                    id: number
                    anchors.centerIn: parent
                    text: String(row.modelData.number)
                    style: Theme.caption
                    weight: Font.Medium
                    figures: true
                    color: Theme.accentInk
                    Accessible.ignored: true
                }
            }
            Column {
                id: words
                x: Theme.px(28)
                y: Theme.px(10)
                width: parent.width - x - Theme.px(12)
                TextLine {
                    objectName: "passageHeading"
                    width: parent.width
                    text: row.modelData.place === "" ? row.modelData.heading : row.modelData.heading + " · " + row.modelData.place
                    weight: Font.Medium
                    color: row.modelData.given ? Theme.ink : Theme.ink2
                    Accessible.ignored: true
                }
                TextLine {
                    objectName: "passageQuote"
                    width: parent.width
                    text: row.modelData.quote
                    color: Theme.ink2
                    Accessible.ignored: true
                }
                Flow {
                    width: parent.width
                    spacing: Theme.px(16)
                    topPadding: Theme.px(2)
                    Repeater {
                        model: row.scores
                        Row {
                            id: score
                            required property var modelData
                            visible: modelData.value !== ""
                            spacing: Theme.px(6)
                            TextLine {
                                text: score.modelData.name
                                style: Theme.label
                                color: Theme.ink3
                            }
                            TextLine {
                                text: score.modelData.value
                                style: Theme.label
                                figures: true
                                color: Theme.ink2
                            }
                        }
                    }
                    Prose {
                        width: Math.min(implicitWidth, words.width)
                        text: row.modelData.why
                        style: Theme.label
                        color: row.modelData.given ? Theme.ink3 : Theme.warn
                    }
                }
            }
        }
    }
}
