// Makes `import Pellucid.App` work in a program that links pellucid_app: a linker leaves out the registration
// of a static library that nobody names.
#pragma once

namespace pellucid::app {

/// Call once before the first QML is loaded.
void registerTypes();

}  // namespace pellucid::app
