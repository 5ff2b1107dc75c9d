import QtQuick
import QtTest
import Pellucid
import Pellucid.App

// What the tests of views share: a fresh app before each test, the view in a window, and finding things by the names
// that a screen reader says.
TestCase {
    id: viewCase

    property AppContext app: null
    property Item view: null

    width: 1000
    height: 700
    visible: true
    when: windowShown

    // An app and a view that shows it. `properties` besides `app`.
    function open(component: Component, replies: var, properties: var): Item {
        Theme.reducedMotion = true;
        app = bench.fresh(replies ?? []);
        verify(app !== null, "the model loads");
        return show(component, properties);
    }
    function show(component: Component, properties: var): Item {
        view = createTemporaryObject(component, viewCase, Object.assign({ app: app }, properties ?? {}));
        verify(view !== null, "the view is made");
        waitForRendering(view);
        return view;
    }
    function cleanup() {
        if (view) {
            view.destroy();
            wait(0);
        }
        view = null;
        app = null;
    }
    function cleanupTestCase() {
        bench.drop();
    }

    // The visible item called `name`, below `root` or anywhere in the window (menus lie beside the view).
    function called(name: string, root: var): Item {
        return bench.called(name, root ?? wholeWindow());
    }
    function wholeWindow(): Item {
        let up = viewCase.parent;
        while (up.parent) {
            up = up.parent;
        }
        return up;
    }
    // Waits for it: what a view shows comes a moment after what the app says.
    function waitFor(name: string): Item {
        tryVerify(() => called(name) !== null, 20000, "'" + name + "' is seen");
        return called(name);
    }
    function waitGone(name: string) {
        tryVerify(() => called(name) === null, 20000, "'" + name + "' is gone");
    }
    // Clicks it once it stands where it belongs: a menu that has just opened still has its rows to lay out.
    function click(name: string) {
        const item = waitFor(name);
        tryVerify(() => item.enabled, 20000, "'" + name + "' can be used");
        for (let up = item; up; up = up.parent) {
            if (isPolishScheduled(up)) {
                verify(waitForItemPolished(up, 20000));
            }
        }
        mouseClick(item);
    }
    // Sends and waits for the end.
    function ask(text: string) {
        verify(app.chat.sendText(text));
        finish();
    }
    function finish() {
        tryVerify(() => {
            bench.advance(1000);
            return !app.chat.busy;
        }, 20000, "the reply ends");
    }
    function drive(condition: var, what: string) {
        tryVerify(() => {
            if (condition()) {
                return true;
            }
            bench.advance(20);
            return false;
        }, 20000, what);
    }
    function typeText(text: string) {
        for (const letter of text) {
            keyClick(letter);
        }
    }
    function value(row: int, role: string): var {
        return bench.value(app.chat.rows, row, role);
    }
}
