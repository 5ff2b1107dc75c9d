// What the QML types of Pellucid.Content need from the program.
#pragma once

#include <memory>

class QQmlEngine;

namespace pellucid::app {

class MathTypesetter;

/// Built by the composition root, one for the program; outlives the engines it is installed into.
class ContentServices {
public:
    ContentServices();
    ~ContentServices();

    /// Makes `import Pellucid.Content` work in `engine` and gives its items the typesetter.
    void install(QQmlEngine& engine);
    MathTypesetter& typesetter() { return *typesetter_; }

    /// The typesetter installed into `engine`, or nullptr.
    static MathTypesetter* typesetter(const QQmlEngine* engine);

private:
    std::unique_ptr<MathTypesetter> typesetter_;
};

}  // namespace pellucid::app
