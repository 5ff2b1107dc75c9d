// How another program has a model answer, in the words of this program's settings.
#pragma once

#include <QVariantMap>

#include "app/library/other_apps.h"

namespace pellucid::app {

/// As a preset keeps settings: the system prompt, and those parameters that mean the same here, each within
/// what this program takes. Others are left out: lengths of contexts, seeds, what is Ollama's own.
QVariantMap settingsOf(const library::FoundBehaviour& behaviour);

}  // namespace pellucid::app
