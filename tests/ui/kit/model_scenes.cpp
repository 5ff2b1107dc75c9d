// The first run, the models, what is fetched.
#include "tests/ui/kit/scene_models.h"
#include "tests/ui/kit/scene_scripts.h"
#include "tests/ui/kit/scene_steps.h"
#include "tests/ui/kit/scenes.h"

namespace pellucid::ui {

namespace {

bool onDiscover(UiBench &bench, bool chinese, const QString &modelId = {}) {
    fillCatalogue(bench.sources, chinese);
    onPage(bench, 1);
    QQuickItem *page = nullptr;
    const auto shown = [&] {
        for (QQuickItem *item : bench.all())
            if (item->property("looking").isValid() && item->property("docked").isValid()) page = item;
        return page && bench.workspace->discover().count() > 0;
    };
    if (!UiBench::until(shown)) return false;
    page->setProperty("tab", 1);
    if (modelId.isEmpty()) return true;
    bench.workspace->detail().show(modelId);
    return UiBench::until([&] { return bench.workspace->detail().planned(); });
}

// Every download has its row: the list takes news in steps, and makes rows outside the view when there is time.
bool rowsMade(UiBench &bench, int downloads) {
    int rows = 0;
    for (const QQuickItem *item : bench.all()) rows += item->property("download").canConvert<app::DownloadItem *>();
    return bench.workspace->downloads().count() == downloads && rows == downloads;
}

bool openDrawer(UiBench &bench, int downloads) {
    // Without room for both, the model looked at hides the lists and the drawer under them.
    for (const QQuickItem *item : bench.all())
        if (item->property("docked").isValid() && item->property("looking").toBool() && !item->property("docked").toBool()) return true;
    if (!UiBench::until([&] { return bench.named("downloadsDrawer") != nullptr; })) return false;
    QQuickItem *drawer = bench.named("downloadsDrawer");
    drawer->setProperty("open", true);
    return UiBench::until([&] { return rowsMade(bench, downloads) && drawer->height() == drawer->property("opened").toReal(); });
}

}  // namespace

std::vector<Scene> modelScenes() {
    using B = UiBench;
    return {
        {"first-run", without,
         [](B &bench, bool chinese) {
             fillCatalogue(bench.sources, chinese, false);  // as the machine facts below the cards have it
             bench.workspace->start();
             return B::until([&] { return bench.workspace->context().firstRun() && !bench.workspace->discover().bestId().isEmpty(); });
         },
         {"See how it thinks.", "Start with the small model", "Start", "Download a reasoning model", "Download", "Use a model you already have",
          "Choose file"},
         false, true, true},
        {"models", library,
         [](B &bench, bool) {
             return onPage(bench, 1) && B::until([&] {
                        const auto &models = bench.workspace->models().list()->models();
                        return models.size() == 7 && std::all_of(models.begin(), models.end(), [](const auto &model) { return model.inspected; });
                    });
         },
         {"Add from disk"}, true, true},
        {"discover", library,
         [](B &bench, bool chinese) {
             fillDownloads(bench.sources, chinese);
             if (!onDiscover(bench, chinese, QStringLiteral("r1-qwen-7b"))) return false;
             return openDrawer(bench, 3);
         },
         {"Download 4.68 GB", "Quantisation: Q4_K_M", "Context cache: 16 bit"}, true, true},
        {"downloads", answers,
         [](B &bench, bool chinese) {
             fillTroubles(bench.sources, chinese);
             return onDiscover(bench, chinese) && openDrawer(bench, 3);
         },
         {"Retry Qwen3 30B-A3B", "Resume DeepSeek-R1 Distill Qwen 14B", "Hide downloads"}, true, true},
        {"local-model", library,
         [](B &bench, bool) {
             bench.sources.keeping.known = {QStringLiteral("731ece8d06dc7eda6f6572997feb9ee1258db0784827e642909d9b565641f0ac"), QStringLiteral("Hugging Face"), QStringLiteral("MIT"), 0, 0, 18240, false};
             fillElsewhere(bench.sources);
             bench.sources.discover.mainTotal = 33'500'000'000;
             onPage(bench, 1);
             if (!B::until([&] { return bench.workspace->models().list()->models().size() == 7 && bench.workspace->keeping().found()->count() == 3; }))
                 return false;
             bench.workspace->detail().showLocal(bench.workspace->models().currentId());
             return B::until([&] { return bench.workspace->detail().planned(); });
         },
         {"Unload", "Check the file", "Remove…"}, true, true},
        {"too-large", tooLarge,
         [](B &bench, bool) {
             return bench.beginLoad() && onPage(bench, 1) &&
                    B::until([&] { return bench.workspace->models().state() == app::ModelController::Failed; });
         },
         {"Try again"}, false, true},
        {"first-run-bare", without,
         [](B &bench, bool) {
             bench.workspace->start();
             return B::until([&] { return bench.workspace->context().firstRun(); });
         },
         {"Choose file", "Look around without a model"}, false},
        {"no-model", without,
         [](B &bench, bool) {
             bench.workspace->start();
             if (!B::until([&] { return bench.workspace->context().firstRun(); })) return false;
             bench.workspace->context().leaveFirstRun();
             return onPage(bench, 1);
         },
         {"Choose file"}, false},
        {"loading", slowToLoad,
         [](B &bench, bool) {
             return bench.beginLoad() && onPage(bench, 1) &&
                    bench.drive([&] { return bench.workspace->models().loadProgress() > 0.3; }, std::chrono::seconds(50));
         },
         {"Cancel loading"}, false},
        {"model-row-menu", answers,
         [](B &bench, bool) {
             onPage(bench, 1);
             QQuickItem *button = nullptr;
             const QString name = QCoreApplication::translate("ModelRow", "Actions for %1").arg("DeepSeek-R1 Distill Qwen 7B");
             if (!B::until([&] { return (button = bench.called(name)) != nullptr; })) return false;
             button->forceActiveFocus(Qt::TabFocusReason);
             bench.press(Qt::Key_Space);
             return opened(bench);
         },
         {"Load again"}},
        {"found", answers,
         [](B &bench, bool) {
             fillElsewhere(bench.sources);
             onPage(bench, 1);
             return operate(bench, "FoundOffer", "Show them") && seen(bench, QCoreApplication::translate("FoundOffer", "Hide them"));
         },
         {"Use all in place", "Use qwen3:0.6b"}},
        {"licence", answers,
         [](B &bench, bool chinese) {
             if (!onDiscover(bench, chinese, QStringLiteral("gemma-3-4b"))) return false;
             bench.workspace->detail().download();
             return seen(bench, QCoreApplication::translate("ModelDialogs", "Agree and download"));
         },
         {"Agree and download", "Read the licence", "Cancel"}},
        {"too-large-to-use", answers,
         [](B &bench, bool chinese) {
             if (!onDiscover(bench, chinese, QStringLiteral("r1-671b"))) return false;
             bench.workspace->detail().download();
             return seen(bench, QCoreApplication::translate("ModelDialogs", "It does not fit on this computer")) && opened(bench);
         },
         {"It does not fit on this computer", "Cancel"}},
        {"removal", answers,
         [](B &bench, bool) {
             bench.sources.keeping.removing = {4'680'000'000, 1, true, {}};
             onPage(bench, 1);
             bench.workspace->keeping().askRemoval(bench.workspace->models().currentId());
             return seen(bench, QCoreApplication::translate("pellucid::app::ModelKeeping", "Delete")) && opened(bench);
         },
         {"Delete", "Cancel"}},
    };
}

}  // namespace pellucid::ui
