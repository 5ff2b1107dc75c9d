#include "app/shell/register_types.h"

void qml_register_types_Pellucid_App();  // generated

namespace pellucid::app {

void registerTypes() {
    qml_register_types_Pellucid_App();
}

}  // namespace pellucid::app
