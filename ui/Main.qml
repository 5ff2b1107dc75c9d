// Not bound: Qt 6.4 makes bound components only as delegates.
// qmllint disable unqualified
import QtQuick
import Pellucid
import Pellucid.App

// The window. It hands the app's settings to the theme and holds the shell, or the first run while there is no model.
Window {
    id: window

    required property AppContext app

    width: 1440
    height: 900
    minimumWidth: 360
    minimumHeight: 520
    visible: true
    title: app.chat.title !== "" && !app.chat.empty ? app.chat.title + " – Pellucid" : "Pellucid"
    color: Theme.canvas

    LayoutMirroring.enabled: Qt.locale().textDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    Binding { target: Theme; property: "dark"; value: window.app.dark }
    Binding { target: Theme; property: "highContrast"; value: window.app.settings.highContrast }
    Binding { target: Theme; property: "reducedMotion"; value: window.app.settings.reducedMotion }
    Binding { target: Theme; property: "zoom"; value: window.app.settings.zoom / 100 }
    Binding { target: Theme; property: "chinese"; value: window.app.language.startsWith("zh") }
    Binding { target: window.app.system; property: "active"; value: window.visible }

    Shell {
        id: shell
        objectName: "shell"
        anchors.fill: parent
        focus: true
        app: window.app
        enabled: !start.active
        visible: !start.active
    }
    Shortcuts {
        enabled: !start.active
        shell: shell
        app: window.app
    }
    Loader {
        id: start
        anchors.fill: parent
        active: window.app.firstRun
        focus: active
        sourceComponent: FirstRun {
            app: window.app
            focus: true
            onModelsAsked: {
                window.app.leaveFirstRun();
                shell.show(Shell.Models);
            }
        }
    }
    ToastBar {
        id: toast
        objectName: "toast"
        readonly property ToastQueue queue: window.app.toasts
        x: Math.round(shell.paneX + (shell.paneWidth - width) / 2)
        y: window.height - height - shell.toastFloor
        z: 10
        widest: window.width - 32
        width: implicitWidth
        text: queue.text
        actionText: queue.actionLabel
        error: queue.error
        shown: queue.visible
        onHeldChanged: queue.held = held
        onActed: queue.act()
        onDismissed: queue.dismiss()
    }
}
