// Steps that bring the window to where a scene is.
#pragma once

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

bool seen(UiBench &bench, const QString &name);
/// A control operated by its key, found by what it is called in the language of the scene.
bool operate(UiBench &bench, const char *context, const char *name);
/// A popup stands open once one of its rows has the keys.
bool opened(UiBench &bench);
/// 0: chats, 1: models, 2: settings, 3: documents.
bool onPage(UiBench &bench, int page, const char *settingsPage = nullptr);

}  // namespace pellucid::ui
