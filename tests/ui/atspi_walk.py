#!/usr/bin/python3
"""Walks the real AT-SPI tree of a running window and fails on a control without a name, a role or an action.

usage: dbus-run-session -- xvfb-run -a env QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QUICK_BACKEND=software \\
           /usr/bin/python3 tests/ui/atspi_walk.py build/release/bin/pellucid --mock demo
Needs: at-spi2-core, dbus, python3-pyatspi, gir1.2-atspi-2.0.
"""
import subprocess
import sys
import tempfile
import time

import pyatspi

OPERATED = {"push button", "toggle button", "check box", "radio button", "menu item", "slider", "combo box", "list item", "link", "page tab"}


def walk(node, depth, rows):
    role = node.getRoleName()
    actions = []
    try:
        action = node.queryAction()
        actions = [action.getName(i) for i in range(action.nActions)]
    except NotImplementedError:
        pass
    showing = node.getState().contains(pyatspi.STATE_SHOWING) or depth == 0
    rows.append((depth, role, node.name, actions, showing))
    for i in range(node.childCount):
        child = node.getChildAtIndex(i)
        if child is not None:
            walk(child, depth + 1, rows)


def main():
    with tempfile.TemporaryDirectory() as folder:
        app = subprocess.Popen([*sys.argv[1:], "--data-dir", folder])
        try:
            deadline = time.time() + 20
            found = None
            while time.time() < deadline and found is None:
                time.sleep(0.5)
                desktop = pyatspi.Registry.getDesktop(0)
                for i in range(desktop.childCount):
                    candidate = desktop.getChildAtIndex(i)
                    if candidate is not None and candidate.childCount and "pellucid" in candidate.name.lower():
                        found = candidate
            if found is None:
                print("the window is not in the AT-SPI tree", file=sys.stderr)
                return 1
            time.sleep(1)
            rows = []
            walk(found, 0, rows)
        finally:
            app.terminate()
            app.wait(10)
    bad = [row for row in rows if row[1] in OPERATED and row[4] and (not row[2] or not row[3])]
    for depth, role, name, actions, showing in rows:
        print(f"{'  ' * depth}{role}: {name!r} {', '.join(actions)}{'' if showing else ' (hidden)'}")
    print(f"{len(rows)} nodes, {sum(row[1] in OPERATED and row[4] for row in rows)} controls showing, {len(bad)} without a name or an action")
    for row in bad:
        print("BAD", row[1:], file=sys.stderr)
    return 1 if bad else 0


sys.exit(main())
