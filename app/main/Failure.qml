// Shown instead of the window when there is nothing to work on. Stands alone: no theme, no view models.
import QtQuick

Window {
    id: window

    required property string what
    required property string hint
    required property string quitText

    width: 480
    height: column.implicitHeight + 48
    visible: true
    title: "Pellucid"

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
            font { pixelSize: 15; weight: Font.DemiBold }
        }
        Text {
            width: parent.width
            text: window.hint
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            color: "#465059"
            font.pixelSize: 13
        }
        Rectangle {
            id: button
            anchors.right: parent.right
            width: label.implicitWidth + 24
            height: 32
            radius: 8
            color: "#0A6A8C"
            focus: true
            activeFocusOnTab: true
            Accessible.role: Accessible.Button
            Accessible.name: window.quitText
            Accessible.onPressAction: Qt.quit()
            Keys.onPressed: event => {
                if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space || event.key === Qt.Key_Escape)
                    Qt.quit();
            }

            Text {
                id: label
                anchors.centerIn: parent
                text: window.quitText
                color: "white"
                font { pixelSize: 13; weight: Font.Medium }
            }
            TapHandler { onTapped: Qt.quit() }
        }
    }
}
