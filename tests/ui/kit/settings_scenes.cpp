// The pages of the settings.
#include <QFile>

#include "tests/ui/kit/scene_models.h"
#include "tests/ui/kit/scene_scripts.h"
#include "tests/ui/kit/scene_steps.h"
#include "tests/ui/kit/scenes.h"

namespace pellucid::ui {

namespace {

// A preset that was chosen, another one, and two adapters, one of which is not there any more.
void fillModelSettings(UiBench &bench, bool chinese) {
    app::ModelSettingsBackend &settings = bench.workspace->modelSettings();
    settings.setTemperature(0.9);
    settings.presets()->save(chinese ? QStringLiteral("写作") : QStringLiteral("Writing"));
    settings.setTemperature(0.45);
    settings.presets()->save(chinese ? QStringLiteral("谨慎") : QStringLiteral("Careful"));
    const QString adapter = bench.folder.filePath(QStringLiteral("legal-style-lora.gguf"));
    QFile file(adapter);
    if (file.open(QIODevice::WriteOnly)) file.write("GGUF");
    settings.adapters()->add(adapter);
    settings.adapters()->setStrength(0, 0.8);
    settings.adapters()->add(QStringLiteral("/media/usb/adapters/short-answers"));
    settings.adapters()->setUsed(1, false);
}

QString preset(const UiBench &bench) {
    return QCoreApplication::translate("PresetChoice", "Preset: %1").arg(bench.workspace->modelSettings().presets()->current());
}

bool openPresets(UiBench &bench, bool chinese) {
    fillModelSettings(bench, chinese);
    onPage(bench, 2, "model");
    if (!seen(bench, preset(bench))) return false;
    bench.called(preset(bench))->forceActiveFocus(Qt::TabFocusReason);
    bench.press(Qt::Key_Space);
    return opened(bench);
}

}  // namespace

std::vector<Scene> settingsScenes() {
    using B = UiBench;
    return {
        {"network", answers,
         [](B &bench, bool chinese) {
             fillLedger(bench.sources, chinese);
             onPage(bench, 2, "network");
             return B::until([&] { return bench.workspace->network().ledger()->count() == 6; });
         },
         {"Offline", "Proxy: As the system"}, true, true},
        {"settings", answers, [](B &bench, bool) { return onPage(bench, 2); },
         {"Load the last model at start", "Show statistics under answers"}, true, true},
        {"model-settings", answers,
         [](B &bench, bool chinese) {
             fillModelSettings(bench, chinese);
             bench.workspace->modelSettings().setContextLength(4096);
             return onPage(bench, 2, "model");
         },
         {"Temperature", "Context length", "Reload model", "Preset: Careful"}, true, true},
        {"appearance", answers, [](B &bench, bool) { return onPage(bench, 2, "appearance"); },
         {"High contrast", "Reduce motion"}, true, true},
        {"shortcuts", answers, [](B &bench, bool) { return onPage(bench, 2, "shortcuts"); }, {}, true, true},
        {"presets", answers, openPresets, {"Writing", "Save as a preset…", "Delete…"}},
        {"preset-name", answers,
         [](B &bench, bool chinese) {
             return openPresets(bench, chinese) && operate(bench, "PresetChoice", "Rename…") &&
                    seen(bench, QCoreApplication::translate("PresetDialog", "Name of the preset"));
         },
         {"Name of the preset", "Cancel"}},
        {"adapters", answers,
         [](B &bench, bool chinese) {
             fillModelSettings(bench, chinese);
             onPage(bench, 2, "model");
             const QString add = QCoreApplication::translate("AdapterGroup", "Add an adapter…");
             if (!seen(bench, add)) return false;
             bench.called(add)->forceActiveFocus(Qt::TabFocusReason);  // and the page scrolls to it
             return true;
         },
         {"Use legal-style-lora", "Add an adapter…"}},
        {"hours", answers,
         [](B &bench, bool) {
             bench.workspace->network().setHours(22 * 60, 7 * 60);
             bench.workspace->network().setMirrors(QStringLiteral("https://mirror.example"));
             return onPage(bench, 2, "network");
         },
         {"From", "To"}},
        {"space", answers,
         [](B &bench, bool) {
             bench.sources.keeping.waste = {2, 3, 610'000'000, 9'360'000'000};
             onPage(bench, 2);
             return B::until([&] { return bench.workspace->keeping().wasteKnown(); });
         },
         {"Keep one copy", "Move…"}},
        {"thinking-settings", answers, [](B &bench, bool) { return onPage(bench, 2, "thinking"); }, {"Show thoughts: Open"}},
        {"all-sampling", answers,
         [](B &bench, bool) {
             return onPage(bench, 2, "model") && operate(bench, "SamplingGroup", "Show all sampling settings") &&
                    seen(bench, QCoreApplication::translate("SamplingGroup", "Show fewer"));
         },
         {"Show fewer"}},
    };
}

}  // namespace pellucid::ui
