// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import QtQuick.Templates as T
import Pellucid
import Pellucid.App

// Sidebar and the page beside it. Below 960 the sidebar lies over the page (Esc or a click outside closes it).
FocusScope {
    id: shell

    enum Page { Chat, Models, Settings, Documents }
    required property AppContext app
    property int page: Shell.Chat
    property bool overlayOpen: false
    property string settingsPage: "general"
    readonly property alias chatPage: chatPage
    readonly property bool overlay: width > 0 && width < Theme.px(960)
    readonly property bool docked: !overlay && app.settings.sidebarOpen
    readonly property int sidebarWidth: Theme.px(app.settings.sidebarWidth)
    readonly property int paneX: page === Shell.Settings ? 0 : docked ? sidebarWidth : 0
    readonly property int paneWidth: width - paneX
    // The open document stands beside the chat; without room for both it covers it.
    readonly property bool documentOpen: app.viewer.shown && (page === Shell.Chat || page === Shell.Documents)
    readonly property bool documentCovers: documentOpen && paneWidth < Theme.px(880)
    readonly property int documentWidth: !documentOpen ? 0 : documentCovers ? paneWidth
        : Math.max(Theme.px(400), Math.min(Theme.px(app.viewer.paneWidth), paneWidth - Theme.px(440)))
    readonly property int besideWidth: documentOpen && !documentCovers ? paneWidth - documentWidth : paneWidth
    readonly property int toastFloor: page === Shell.Chat && !app.chat.empty ? chatPage.composer.height + Theme.px(32) : Theme.px(24)

    function show(wanted: int) {
        page = wanted;
        overlayOpen = false;
        if (wanted === Shell.Chat) {
            chatPage.focusComposer();
        }
    }
    function toggleSidebar() {
        if (overlay) {
            overlayOpen = !overlayOpen;
        } else {
            app.settings.sidebarOpen = !app.settings.sidebarOpen;
        }
    }
    function openSidebar() {
        if (overlay) {
            overlayOpen = true;
        } else {
            app.settings.sidebarOpen = true;
        }
    }
    function search() {
        if (page === Shell.Settings) {
            page = Shell.Chat;
        }
        openSidebar();
        sidebar.focusSearch();
    }
    // F6: sidebar list, conversation, composer, document, and round again.
    function nextPane() {
        if (documentOpen && !document.activeFocus && (documentCovers || !sidebar.activeFocus && (page !== Shell.Chat || chatPage.composer.activeFocus))) {
            document.focusView();
        } else if (documentCovers) {
            sidebar.visible ? sidebar.focusList() : document.focusView();
        } else if (page !== Shell.Chat) {
            sidebar.activeFocus || !sidebar.visible ? (pages.item as Item)?.forceActiveFocus(Qt.TabFocusReason)
                                                    : sidebar.focusList();
        } else if (chatPage.composer.activeFocus || document.activeFocus) {
            sidebar.visible ? sidebar.focusList() : chatPage.focusRows();
        } else if (sidebar.activeFocus && !app.chat.empty) {
            chatPage.focusRows();
        } else {
            chatPage.focusComposer();
        }
    }

    Connections {
        target: shell.app.conversations
        function onOpened(conversationId: string, messageId: string) {
            shell.show(Shell.Chat);
            if (messageId !== "") {
                chatPage.showMessage(messageId);
            }
        }
        function onNewChatAsked() {
            shell.show(Shell.Chat);
        }
    }

    ChatPage {
        id: chatPage
        objectName: "chatPage"
        x: shell.paneX
        width: shell.besideWidth
        height: parent.height
        visible: shell.page === Shell.Chat && !shell.documentCovers
        focus: visible
        app: shell.app
        beside: shell.documentOpen
        menuButton: !shell.docked
        onMenuAsked: shell.toggleSidebar()
        onModelsPageAsked: shell.show(Shell.Models)
        onDocumentsPageAsked: shell.show(Shell.Documents)
    }
    Loader {
        id: pages
        x: shell.paneX
        width: shell.besideWidth
        height: parent.height
        active: shell.page !== Shell.Chat
        visible: !shell.documentCovers
        focus: active
        sourceComponent: shell.page === Shell.Models ? modelsPage : shell.page === Shell.Documents ? documentsPage : settingsPage
    }
    Component {
        id: documentsPage
        DocumentsPage {
            app: shell.app
            menuButton: !shell.docked
            onMenuAsked: shell.toggleSidebar()
            onChatAsked: shell.show(Shell.Chat)
        }
    }
    DocumentPane {
        id: document
        objectName: "documentPane"
        x: shell.paneX + shell.paneWidth - width
        width: shell.documentWidth
        height: parent.height
        visible: shell.documentOpen
        focus: shell.documentCovers
        viewer: shell.app.viewer
        covering: shell.documentCovers
        onClosed: shell.page === Shell.Chat ? chatPage.focusComposer() : (pages.item as Item)?.forceActiveFocus(Qt.TabFocusReason)
    }
    Divider {
        visible: shell.documentOpen && !shell.documentCovers
        vertical: true
        x: document.x
        height: parent.height
    }
    Component {
        id: modelsPage
        ModelsPage {
            app: shell.app
            menuButton: !shell.docked
            onMenuAsked: shell.toggleSidebar()
            onSettingsAsked: {
                shell.settingsPage = "model";
                shell.page = Shell.Settings;
            }
        }
    }
    Component {
        id: settingsPage
        SettingsPage {
            app: shell.app
            current: shell.settingsPage
            onPageChosen: id => shell.settingsPage = id
            onBackAsked: shell.show(Shell.Chat)
        }
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.scrim
        visible: opacity > 0
        opacity: shell.overlay && shell.overlayOpen ? 1 : 0
        Behavior on opacity { NumberAnimation { duration: Theme.pane } }
        MouseArea {
            anchors.fill: parent
            onClicked: shell.overlayOpen = false
        }
    }
    Sidebar {
        id: sidebar
        objectName: "sidebar"
        width: Math.min(shell.sidebarWidth, shell.width - Theme.px(56))
        height: parent.height
        visible: shell.page !== Shell.Settings && (shell.docked || shell.overlay && shell.overlayOpen)
        overlaid: shell.overlay
        conversations: shell.app.conversations
        system: shell.app.system
        modelCount: shell.app.models.list.count
        library: shell.app.library
        page: shell.page
        onPageAsked: page => shell.show(page)
        onHideAsked: shell.toggleSidebar()
        Keys.onEscapePressed: event => {
            event.accepted = shell.overlay && shell.overlayOpen;
            shell.overlayOpen = false;
        }
        onVisibleChanged: if (visible && overlaid) focusList()
    }
    // The edge of a docked sidebar: drag, or Left and Right, for 220 to 360.
    MouseArea {
        id: edge
        visible: shell.docked && shell.page !== Shell.Settings
        x: shell.sidebarWidth - 3
        width: 6
        height: parent.height
        cursorShape: Qt.SizeHorCursor
        activeFocusOnTab: true
        Accessible.role: Accessible.Splitter
        Accessible.name: qsTr("Width of the sidebar")
        Accessible.focusable: true
        Accessible.onIncreaseAction: shell.app.settings.sidebarWidth += 10
        Accessible.onDecreaseAction: shell.app.settings.sidebarWidth -= 10
        Keys.onLeftPressed: shell.app.settings.sidebarWidth -= 10
        Keys.onRightPressed: shell.app.settings.sidebarWidth += 10
        onPositionChanged: mouse => shell.app.settings.sidebarWidth = Math.round((x + mouse.x) / Theme.zoom)
        Rectangle {
            visible: edge.activeFocus
            x: 2
            width: 2
            height: parent.height
            color: Theme.accent
        }
    }
    // The edge between the chat and its document: drag, or Left and Right.
    MouseArea {
        id: seam
        objectName: "documentSeam"
        readonly property int value: shell.documentWidth
        visible: shell.documentOpen && !shell.documentCovers
        x: document.x - 3
        width: 6
        height: parent.height
        cursorShape: Qt.SizeHorCursor
        activeFocusOnTab: true
        Accessible.role: Accessible.Splitter
        Accessible.name: qsTr("Width of the document")
        Accessible.focusable: true
        Accessible.onIncreaseAction: seam.widen(10)
        Accessible.onDecreaseAction: seam.widen(-10)
        Keys.onLeftPressed: widen(10)
        Keys.onRightPressed: widen(-10)
        onPositionChanged: mouse => shell.app.viewer.paneWidth = Math.round((shell.width - x - mouse.x) / Theme.zoom)
        function widen(by: int) {
            shell.app.viewer.paneWidth = Math.round(shell.documentWidth / Theme.zoom) + by;
        }
        Rectangle {
            visible: seam.activeFocus
            x: 2
            width: 2
            height: parent.height
            color: Theme.accent
        }
    }
    LiveRegion { chat: shell.app.chat }
}
