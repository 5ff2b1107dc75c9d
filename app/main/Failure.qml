pragma ComponentBehavior: Bound
// Shown instead of the window when there is nothing to work on. Stands alone: no theme, no view models. Ends with the
// number of the choice that was taken, counted from 1; 0 is Quit.
import QtQuick

Window {
    id: window

    required property string what
    required property string hint
    required property list<string> choices
    required property string quitText

    width: 480
    height: column.implicitHeight + 48
    visible: true
    title: "Pellucid"
    color: "#FFFFFF"

    component Choice: Rectangle {
        id: button

        required property string text
        property bool primary: false
        signal taken

        width: label.implicitWidth + 24
        height: 32
        radius: 8
        color: primary ? "#0A6A8C" : "#FFFFFF"
        border { width: primary ? 0 : 1; color: "#CCD2D7" }
        activeFocusOnTab: true
        Accessible.role: Accessible.Button
        Accessible.name: text
        Accessible.onPressAction: taken()
        Keys.onPressed: event => {
            event.accepted = event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space;
            if (event.accepted)
                taken();
        }

        Rectangle {
            anchors { fill: parent; margins: -4 }
            visible: button.activeFocus
            radius: 12
            color: "transparent"
            border { width: 2; color: "#0A6A8C" }
        }
        Text {
            id: label
            anchors.centerIn: parent
            text: button.text
            color: button.primary ? "#FFFFFF" : "#14191D"
            font { family: "Inter"; pixelSize: 13; weight: Font.Medium }
        }
        TapHandler { onTapped: button.taken() }
    }

    Column {
        id: column
        x: 24
        y: 24
        width: window.width - 48
        spacing: 12

        Text {
            width: parent.width
            text: window.what
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: "#14191D"
            font { family: "Inter"; pixelSize: 15; weight: Font.DemiBold }
        }
        Text {
            width: parent.width
            text: window.hint
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: "#465059"
            font { family: "Inter"; pixelSize: 13 }
        }
        Flow {
            id: buttons
            width: parent.width
            spacing: 12
            topPadding: 4
            layoutDirection: Qt.RightToLeft
            Keys.onEscapePressed: Qt.exit(0)

            Choice {
                objectName: "quit"
                focus: true
                primary: window.choices.length === 0
                text: window.quitText
                onTaken: Qt.exit(0)
            }
            Repeater {
                model: window.choices
                Choice {
                    required property int index
                    required property string modelData
                    objectName: "choice" + index
                    primary: index === 0
                    text: modelData
                    onTaken: Qt.exit(index + 1)
                }
            }
        }
    }
}
