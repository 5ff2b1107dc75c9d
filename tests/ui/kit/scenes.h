// The window in every state a person can meet: what screenshots are taken of, and what the layout, keyboard and
// accessibility tests walk over. All of it runs on a clock that stands unless the scene moves it.
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
    bool loads = true;     ///< a model is loaded first
    bool picture = false;  ///< kept as a screenshot in both themes, languages and widths
    bool starter = false;  ///< a starter model lies ready
    bool chats = true;     ///< the sidebar has chats
};

const std::vector<Scene> &scenes();
/// Parts of it.
std::vector<Scene> chatScenes();
std::vector<Scene> modelScenes();
std::vector<Scene> documentScenes();
std::vector<Scene> settingsScenes();

/// Builds the scene in a window of that size and waits until it stands; null when it does not come about.
std::unique_ptr<UiBench> stage(const Scene &scene, QSize size, bool chinese,
                               const std::function<void(UiBench &)> &before = {});

/// Conversations for the sidebar.
void fillSidebar(UiBench &bench, bool chinese);

}  // namespace pellucid::ui
