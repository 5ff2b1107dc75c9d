// The scenes that are rendered: what is on the window, and what must be seen there.
#pragma once

#include <functional>
#include <vector>

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

struct Scene {
    QString name;
    std::function<MockScript(bool chinese)> script;
    /// Brings the window there, after it is shown.
    std::function<bool(UiBench &bench, bool chinese)> arrange;
    /// Accessible names or texts that must be visible in English.
    QStringList seen;
    bool loads = true;  ///< a model is loaded first
};

const std::vector<Scene> &scenes();

/// Long conversations' titles for the sidebar.
void fillSidebar(UiBench &bench, bool chinese);

}  // namespace pellucid::ui
