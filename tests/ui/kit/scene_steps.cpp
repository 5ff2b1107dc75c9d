#include "tests/ui/kit/scene_steps.h"

#include "tests/ui/kit/walk.h"

namespace pellucid::ui {

bool seen(UiBench &bench, const QString &name) {
    return UiBench::until([&] { return bench.called(name) != nullptr; });
}

bool operate(UiBench &bench, const char *context, const char *name) {
    const QString text = QCoreApplication::translate(context, name);
    if (!seen(bench, text)) return false;
    bench.called(text)->forceActiveFocus(Qt::TabFocusReason);
    bench.press(Qt::Key_Space);
    return true;
}

bool opened(UiBench &bench) {
    return UiBench::until([&] { return bench.focused() && bench.focused()->inherits("QQuickAbstractButton") &&
                                       nameOf(bench.focused()) != QString() && bench.popupOpen(); });
}

bool onPage(UiBench &bench, int page, const char *settingsPage) {
    if (settingsPage) bench.named("shell")->setProperty("settingsPage", settingsPage);
    bench.named("shell")->setProperty("page", page);
    return true;
}

}  // namespace pellucid::ui
