// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid

// 440 wide: a title, one sentence, verb buttons at the end. Esc is the safe choice; the safe button has the focus.
T.Dialog {
    id: dialog

    property string sentence: ""
    property string safeText: qsTr("Cancel")
    property string actText: ""
    property bool actEnabled: true
    property bool losesData: false
    default property alias body: extra.data

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(Theme.px(440), parent ? parent.width - 32 : Theme.px(440))
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    padding: Theme.px(24)
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.fold; easing.type: Easing.OutCubic } }
    exit: Transition { NumberAnimation { property: "opacity"; to: 0; duration: Theme.quick; easing.type: Easing.InCubic } }
    T.Overlay.modal: Rectangle { color: Theme.scrim }
    background: Raised { radius: Theme.px(12) }
    // A plain Window does not give the focus back by itself.
    property Item before: null
    readonly property var win: parent ? parent.Window.window : null
    onAboutToShow: before = win ? win.activeFocusItem : null
    onClosed: {
        if (before && win && (!win.activeFocusItem || win.activeFocusItem === win.contentItem)) {
            before.forceActiveFocus(Qt.PopupFocusReason);
        }
    }
    onOpened: losesData || actText === "" ? safe.forceActiveFocus(Qt.TabFocusReason) : act.forceActiveFocus(Qt.TabFocusReason)

    contentItem: FocusScope {
        implicitHeight: column.implicitHeight
        Accessible.role: Accessible.Dialog
        Accessible.name: dialog.title
        Accessible.description: dialog.sentence
        Column {
            id: column
            width: parent.width
            spacing: Theme.px(8)
            Prose {
                width: parent.width
                text: dialog.title
                style: Theme.title
            }
            Prose {
                width: parent.width
                visible: text !== ""
                text: dialog.sentence
                color: Theme.ink2
            }
            Column {
                id: extra
                width: parent.width
                visible: children.length > 0
                spacing: Theme.px(8)
            }
            Item { width: 1; height: Theme.px(8) }
            Row {
                x: parent.width - width
                spacing: Theme.px(8)
                PushButton {
                    id: safe
                    size: 36
                    text: dialog.safeText
                    kind: PushButton.Secondary
                    onClicked: dialog.reject()
                }
                PushButton {
                    id: act
                    visible: dialog.actText !== ""
                    enabled: dialog.actEnabled
                    size: 36
                    text: dialog.actText
                    kind: dialog.losesData ? PushButton.FilledDanger : PushButton.Primary
                    onClicked: dialog.accept()
                }
            }
        }
    }
}
