pragma ComponentBehavior: Bound
import QtQuick
import Pellucid

// A time of the day, 00:00 to 23:59. The text is taken when it is finished; one that is no time falls back.
Field {
    id: field

    property int minute: 0
    readonly property string shown: String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0")
    signal picked(int minute)

    implicitWidth: Theme.px(68)
    horizontalAlignment: TextInput.AlignHCenter
    font.family: Theme.figures
    inputMethodHints: Qt.ImhTime
    onShownChanged: text = shown
    Component.onCompleted: text = shown
    onActiveFocusChanged: activeFocus ? selectAll() : take()
    onAccepted: take()

    function take() {
        const typed = text.trim().match(/^(\d{1,2})(?:[:.：](\d{2}))?$/);
        if (text !== shown && typed && Number(typed[1]) < 24 && Number(typed[2] ?? 0) < 60) {
            picked(Number(typed[1]) * 60 + Number(typed[2] ?? 0));
        }
        text = shown;
    }
}
