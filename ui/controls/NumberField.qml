pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A number beside its slider. The text is taken when it is finished; one that is no number falls back.
Field {
    id: field

    property real value: 0
    property int decimals: 0
    property real from: 0
    property real to: 1e9
    property string zeroText: ""
    signal picked(real value)

    readonly property string shown: zeroText !== "" && value === 0 ? zeroText
        : Number(value).toLocaleString(Qt.locale("en_US"), "f", decimals)

    implicitWidth: Theme.px(104)
    horizontalAlignment: TextInput.AlignRight
    font.family: Theme.figures
    inputMethodHints: Qt.ImhFormattedNumbersOnly
    onShownChanged: text = shown
    Component.onCompleted: text = shown
    onActiveFocusChanged: activeFocus ? selectAll() : take()
    onAccepted: take()

    function take() {
        const typed = Number(text.replace(/[,\s]/g, ""));
        if (text !== shown && text.trim() !== "" && !isNaN(typed)) {
            picked(Math.max(from, Math.min(to, typed)));
        }
        text = shown;
    }
}
