#!/usr/bin/python3
"""Walks the real AT-SPI tree of a running window through its views, moving between them by the tree's own actions alone,
and fails on a control without a name, a role or an action.

usage: dbus-run-session -- xvfb-run -a env QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QUICK_BACKEND=software \\
           /usr/bin/python3 tests/ui/atspi_walk.py [--tree] build/release/bin/pellucid --mock demo
Needs: at-spi2-core, dbus, python3-pyatspi, gir1.2-atspi-2.0.
"""
import subprocess
import sys
import tempfile
import time

import pyatspi

OPERATED = {"push button", "toggle button", "check box", "radio button", "menu item", "slider", "combo box", "list item",
            "link", "page tab", "push button menu", "text", "entry", "split pane"}
READ_OR_TYPED = {"text", "entry"}  # operated by typing; the focus is their action


def nodes(node, depth=0):
    """(depth, role, name, actions, showing, node) of everything below."""
    actions = []
    try:
        action = node.queryAction()
        actions = [action.getName(i) for i in range(action.nActions)]
    except NotImplementedError:
        pass
    showing = node.getState().contains(pyatspi.STATE_SHOWING) or depth == 0
    yield depth, node.getRoleName(), node.name, actions, showing, node
    for i in range(node.childCount):
        child = node.getChildAtIndex(i)
        if child is not None:
            yield from nodes(child, depth + 1)


def wait_for(root, name, seconds=20):
    """The showing node called `name`."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        for _, _, found, _, showing, node in nodes(root):
            if found == name and showing:
                return node
        time.sleep(0.2)
    raise SystemExit(f"'{name}' does not show")


def press(root, name):
    node = wait_for(root, name)
    action = node.queryAction()
    for i in range(action.nActions):
        if action.getName(i) == "Press":
            action.doAction(i)
            return
    raise SystemExit(f"'{name}' cannot be pressed")


def find(name, seconds=20):
    deadline = time.time() + seconds
    while time.time() < deadline:
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            candidate = desktop.getChildAtIndex(i)
            if candidate is not None and candidate.childCount and name in candidate.name.lower():
                return candidate
        time.sleep(0.3)
    raise SystemExit("the window is not in the AT-SPI tree")


def main():
    tree = "--tree" in sys.argv
    command = [word for word in sys.argv[1:] if word != "--tree"]
    bad, total = [], 0
    with tempfile.TemporaryDirectory() as folder:
        app = subprocess.Popen([*command, "--data-dir", folder, "--language", "en"])

        def look(view):
            nonlocal total
            time.sleep(0.5)
            rows = list(nodes(root))
            controls = [row for row in rows if row[1] in OPERATED and row[4]]
            for _, role, name, actions, _, _ in controls:
                useful = [one for one in actions if one != "SetFocus" or role in READ_OR_TYPED]
                if not name or not useful:
                    bad.append((view, role, name, actions))
            total += len(controls)
            print(f"{view}: {len(rows)} nodes, {len(controls)} controls showing")
            if tree:
                for depth, role, name, actions, showing, _ in rows:
                    print(f"{'  ' * depth}{role}: {name!r} {', '.join(actions)}{'' if showing else ' (hidden)'}")

        try:
            root = find("pellucid")
            wait_for(root, "Send")
            look("new chat")
            press(root, "Explain a hard idea with a small example")
            while any(name == "Send" and showing for _, _, name, _, showing, _ in nodes(root)):
                press(root, "Send")  # it cannot be pressed until the draft has arrived
                time.sleep(0.5)
                if any(name == "Copy answer" for _, _, name, _, _, _ in nodes(root)):
                    break
            wait_for(root, "Copy answer", 120)
            look("chat with an answer")
            press(root, "Settings")
            for page, sign in (("General", "Show statistics under answers"), ("Appearance", "High contrast"),
                               ("Thinking", "Show thoughts: Open"), ("Shortcuts", "Keyboard")):
                press(root, page)
                if page != "Shortcuts":
                    wait_for(root, sign)
                look(f"settings, {page}")
            press(root, "Demo")
            wait_for(root, "Temperature")
            look("settings of the model")
            press(root, "Back to the chats")
            press(root, "Models, 1")
            wait_for(root, "Add from disk")
            look("models")
            press(root, "Actions for Demo")
            wait_for(root, "Load again")
            look("menu of a model")
        finally:
            app.terminate()
            app.wait(10)
    print(f"{total} controls showing in all, {len(bad)} without a name or an action")
    for row in bad:
        print("BAD", row, file=sys.stderr)
    return 1 if bad else 0


sys.exit(main())
