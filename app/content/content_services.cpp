#include "app/content/content_services.h"

#include <QQmlEngine>

extern void qml_register_types_Pellucid_Content();

namespace pellucid::app {

void ContentServices::install(QQmlEngine& engine) {
    Q_UNUSED(engine)
    // Refers to the registration so that the linker keeps it.
    static volatile auto keep = &qml_register_types_Pellucid_Content;
    Q_UNUSED(keep)
}

}  // namespace pellucid::app
