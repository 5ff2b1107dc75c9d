pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// A conversation: header, rows, and the composer that floats above the bottom. In a new chat the composer stands at
// 40 % height with suggestions below.
FocusScope {
    id: page

    required property AppContext app
    property bool menuButton: false
    property bool beside: false   // a document stands beside it
    readonly property bool narrow: width < Theme.px(640)
    readonly property int gutter: Theme.px(narrow && !beside ? 16 : 24)
    readonly property int wanted: width >= Theme.contentColumn + 2 * gutter ? Theme.contentColumn : Theme.textColumn
    readonly property int columnWidth: Math.min(wanted, width - 2 * gutter)
    readonly property int textWidth: Math.min(Theme.textColumn, columnWidth)
    readonly property int floor: Theme.px(narrow && !beside ? 12 : 16)
    readonly property alias composer: composer
    signal menuAsked
    signal modelsPageAsked
    signal documentsPageAsked

    function focusComposer() {
        composer.focusText();
    }
    function focusRows() {
        rows.list.forceActiveFocus(Qt.TabFocusReason);
    }
    function showMessage(messageId: string) {
        rows.showMessage(messageId);
    }
    function editLast() {
        rows.editMessage(app.chat.lastQuestionId());
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    ChatHeader {
        id: header
        width: parent.width
        app: page.app
        narrow: page.narrow
        menuButton: page.menuButton
        onMenuAsked: page.menuAsked()
        onModelsPageAsked: page.modelsPageAsked()
        onExportAsked: format => exporter.ask(format)
    }
    NoticeBar {
        id: notice
        y: header.height
        width: parent.width
        what: page.app.noticeWhat
        hint: page.app.noticeHint
        onDismissed: page.app.dismissNotice()
    }
    ChatList {
        id: rows
        y: notice.y + notice.height
        width: parent.width
        height: parent.height - y
        visible: !page.app.chat.empty
        chat: page.app.chat
        settings: page.app.settings
        viewer: page.app.viewer
        onWhyAsked: messageId => why.ask(messageId)
        columnWidth: page.columnWidth
        textWidth: page.textWidth
        bottomSpace: composer.height + page.floor + Theme.px(24)
    }
    // The list scrolls under the composer, and nothing shows between composer and edge.
    Rectangle {
        visible: rows.visible
        y: parent.height - height
        width: parent.width
        height: page.floor + composer.height / 2
        color: Theme.canvas
    }
    Prose {
        visible: page.app.chat.empty
        x: composer.x + Theme.px(16)
        y: composer.y - height - Theme.px(20)
        width: composer.width - Theme.px(32)
        text: page.app.chat.completionOnly ? qsTr("This model continues text; it has not learned to chat.")
                                           : qsTr("What are you thinking about?")
        style: Theme.h1
        Accessible.role: Accessible.Heading
    }
    Composer {
        id: composer
        objectName: "composer"
        focus: true
        x: Math.round((parent.width - width) / 2)
        y: page.app.chat.empty ? Math.round(parent.height * 0.4) : parent.height - height - page.floor
        width: Math.min(page.columnWidth, page.app.chat.empty ? Theme.textColumn : page.columnWidth)
               + (page.narrow && !page.beside ? Theme.px(8) : 0)
        chat: page.app.chat
        models: page.app.models
        scope: page.app.scope
        library: page.app.library
        onDocumentsPageAsked: page.documentsPageAsked()
        narrow: page.narrow
        windowHeight: page.height
        onEditLastAsked: page.editLast()
        onModelsPageAsked: page.modelsPageAsked()
    }
    EmptyChat {
        visible: page.app.chat.empty && !page.app.chat.completionOnly
        x: composer.x
        y: composer.y + composer.height + Theme.px(16)
        width: composer.width
        chat: page.app.chat
    }
    OverflowPanel {
        x: composer.x
        y: composer.y - height - Theme.px(8)
        width: composer.width
        chat: page.app.chat
    }
    RetrievalDialog {
        id: why
        chat: page.app.chat
        onPassageAsked: (messageId, number) => page.app.viewer.openCitation(messageId, number)
    }
    DropArea {
        id: drop
        anchors.fill: parent
        enabled: page.app.library.available
        keys: ["text/uri-list"]
        onDropped: drop => page.app.scope.attach(drop.urls)
    }
    DropFrame {
        y: header.height
        width: parent.width
        height: parent.height - y
        shown: drop.containsDrag
        text: qsTr("Drop to ask these documents in this chat")
    }
    ExportDialog {
        id: exporter
        app: page.app
    }
}
