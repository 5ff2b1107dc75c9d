pragma ComponentBehavior: Bound
import QtQuick
import Pellucid
import Pellucid.App

// Window-wide keys. Keys that belong to one view (F2, Delete, Up, Esc, Alt+Left) are handled there.
Item {
    id: keys

    required property Shell shell
    readonly property ChatPage chatPage: shell.chatPage
    required property AppContext app
    readonly property bool inChat: shell.page === Shell.Chat

    Shortcut {
        sequence: keys.app.shortcuts.sequence("newChat")
        onActivated: keys.app.conversations.newChat()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("search")
        onActivated: keys.shell.search()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("chooseModel")
        onActivated: keys.inChat ? keys.chatPage.composer.openModels() : keys.shell.show(Shell.Models)
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("thinkingMode")
        enabled: keys.inChat
        onActivated: keys.chatPage.composer.openThinking()
    }
    Shortcut {
        sequences: [keys.app.shortcuts.sequence("answerNow"), "Ctrl+Enter"]
        enabled: keys.app.chat.canAnswerNow
        onActivated: keys.app.chat.answerNow()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("pause")
        enabled: keys.app.chat.canPause || keys.app.chat.state === ChatController.Paused
        onActivated: keys.app.chat.state === ChatController.Paused ? keys.app.chat.resume() : keys.app.chat.pause()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("settings")
        onActivated: keys.shell.show(Shell.Settings)
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("shortcuts")
        onActivated: {
            keys.shell.settingsPage = "shortcuts";
            keys.shell.show(Shell.Settings);
        }
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("sidebar")
        onActivated: keys.shell.toggleSidebar()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("nextPane")
        onActivated: keys.shell.nextPane()
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("copyAnswer")
        enabled: keys.inChat && keys.app.chat.lastQuestionId() !== ""
        onActivated: keys.app.chat.copyAnswer("")
    }
    Shortcut {
        sequence: "F8"
        enabled: keys.inChat && keys.app.viewer.available
        onActivated: keys.app.viewer.stepCitation(1)
    }
    Shortcut {
        sequence: "Shift+F8"
        enabled: keys.inChat && keys.app.viewer.available
        onActivated: keys.app.viewer.stepCitation(-1)
    }
    Shortcut {
        sequences: [keys.app.shortcuts.sequence("zoomIn"), "Ctrl+="]
        onActivated: keys.app.settings.zoom += 10
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("zoomOut")
        onActivated: keys.app.settings.zoom -= 10
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("zoomReset")
        onActivated: keys.app.settings.zoom = 100
    }
    Shortcut {
        sequence: keys.app.shortcuts.sequence("quit")
        onActivated: Qt.quit()
    }
}
