// Makes the QML module "Pellucid" known to a program: it is a static library, so its resources and compiled bindings
// have to be asked for by name.
#pragma once

class QQmlEngine;

namespace pellucid::ui {

/// Call once before loading qrc:/qt/qml/Pellucid/Main.qml. Pellucid.App and Pellucid.Content are registered by their
/// own rooms. Translations lie at :/i18n/pellucid_<language>.qm: load them into a QTranslator and call
/// QQmlEngine::retranslate().
void install(QQmlEngine &engine);

}  // namespace pellucid::ui
