pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// An address of the network page. What is no address is not taken, and says so.
FormRow {
    id: row

    required property string value
    required property string usual
    property bool address: true
    property bool several: false    // addresses, separated by commas
    readonly property bool wrong: address && !(several ? network.areMirrors(field.text) : network.isAddress(field.text))
    required property NetworkController network
    signal picked(string text)

    Field {
        id: field
        width: Math.min(Theme.px(280), row.width)
        name: row.label
        placeholderText: row.usual
        Accessible.description: row.wrong ? qsTr("Not an address") : ""
        bad: row.wrong
        text: row.value
        onAccepted: if (!row.wrong) row.picked(text)
        onActiveFocusChanged: {
            if (activeFocus) {
                return;
            }
            if (!row.wrong) {
                row.picked(text.trim());
            }
            text = Qt.binding(() => row.value);
        }
    }
}
