pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Over the list: which list, what is looked for, what is left out, in which order.
Item {
    id: tools

    required property DiscoverModel discover
    required property int installed
    property int tab: 0
    readonly property bool tight: width < Theme.px(600)
    readonly property bool discovering: tab === 1
    signal tabAsked(int index)

    function focusSearch() {
        search.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    implicitHeight: Theme.px(32) + (tight && discovering ? Theme.px(40) : 0)

    Segmented {
        id: tabs
        name: qsTr("Models")
        options: [tools.installed > 0 ? qsTr("Installed  %1").arg(tools.installed) : qsTr("Installed"), qsTr("Discover")]
        current: tools.tab
        onChosen: index => tools.tabAsked(index)
    }
    Field {
        id: search
        visible: tools.discovering
        x: tools.tight ? 0 : tabs.width + Theme.px(12)
        y: tools.tight ? Theme.px(40) : 0
        width: tools.tight ? tools.width - fits.width - Theme.px(8) : Math.min(Theme.px(200), fits.x - x - Theme.px(8))
        quiet: true
        clearable: true
        iconName: "search"
        placeholderText: qsTr("Search models")
        Accessible.role: Accessible.EditableText
        onTextEdited: tools.discover.text = text
        Component.onCompleted: text = tools.discover.text
    }
    PushButton {
        id: fits
        visible: tools.discovering
        x: tools.tight ? tools.width - width : order.x - width - Theme.px(8)
        y: tools.tight ? Theme.px(40) : 0
        kind: PushButton.Ghost
        iconName: "check"
        checkable: true
        checked: tools.discover.onlyFitting
        text: tools.tight ? qsTr("Fits") : qsTr("Fits this computer")
        Accessible.name: qsTr("Only what fits this computer")
        Accessible.checkable: true
        Accessible.checked: checked
        onClicked: {
            tools.discover.onlyFitting = !tools.discover.onlyFitting;
            checked = Qt.binding(() => tools.discover.onlyFitting);   // the click has set it by itself
        }
    }
    PopupButton {
        id: order
        visible: tools.discovering
        x: tools.width - width
        edged: false
        name: qsTr("Order")
        options: [qsTr("Best fit first"), qsTr("Smallest first"), qsTr("Largest first"), qsTr("By name")]
        current: tools.discover.order
        onChosen: index => tools.discover.order = index
    }
}
