// What the QML types of Pellucid.Content need from the program.
#pragma once

class QQmlEngine;

namespace pellucid::app {

/// Built by the composition root, one for the program; outlives the engine it is installed into.
class ContentServices {
public:
    /// Registers the module Pellucid.Content with the program (it is a static library).
    void install(QQmlEngine& engine);
};

}  // namespace pellucid::app
