#include "tests/ui/kit/scenes.h"

#include <QDateTime>
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/chat/thought_state.h"
#include "tests/ui/kit/scene_models.h"
#include "tests/ui/kit/scene_texts.h"
#include "tests/ui/kit/walk.h"

namespace pellucid::ui {

namespace {

using app::ChatController;

// At the speed of a good machine, on the test's clock: the statistics then say believable numbers.
MockReplyScript reply(const char *thought, const char *answer) {
    MockReplyScript said = say(thought, answer);
    said.tokens_per_second = 41.8;
    said.prompt_seconds = 0.28;
    return said;
}

MockScript answers(bool chinese) {
    return script({chinese ? reply(sceneThought(true), sceneAnswer(true)) : reply("", sceneAnswer(false)),
                   reply(sceneThought(chinese), sceneAnswer(chinese))});
}

MockScript blocks(bool chinese) { return script({reply(sceneBlocks(chinese), sceneBlocks(chinese))}); }

// A thought that is still being written when the picture is taken.
MockScript thinking(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().replies = {answers(chinese).models.front().replies.front(), reply(sceneLongThought(chinese), "…")};
    return what;
}

MockScript without(bool) { return script({}); }

MockScript failing(bool chinese) {
    MockScript what = answers(chinese);
    MockReplyScript broken = reply("", sceneAnswer(chinese));
    // As the engine's own sentences read in the language of the window (test_ui_errors sees to those).
    broken.failure = chinese ? Error{ErrorCode::device_lost, "显卡停止了响应。", "请重新载入模型，或在模型设置里换一个设备。"}
                             : Error{ErrorCode::device_lost, "The graphics card stopped answering.",
                                     "Load the model again, or choose another device in its settings."};
    broken.fail_after_tokens = 60;
    what.models.front().replies = {broken};
    return what;
}

MockScript small(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().context_length = 900;
    return what;
}

MockScript slowToRead(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().replies.front().prompt_seconds = 1000;
    return what;
}

MockScript slowToLoad(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().load_seconds = 1000;
    return what;
}

MockScript tooLarge(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().memory = {6ull << 30, 1ull << 30, 1ull << 30, 4ull << 30};
    return what;
}

// Some fit, two do not.
MockScript library(bool chinese) {
    MockScript what = answers(chinese);
    what.models.push_back(libraryModel("DeepSeek-R1 Distill Llama 8B", "llama", 8.0, "Q4_K_M", 4.92, 2.1));
    what.models.push_back(libraryModel("DeepSeek-R1 Distill Qwen 32B", "qwen2", 32.8, "Q4_K_M", 19.9, 4.3));
    what.models.push_back(libraryModel("Gemma 3 4B", "gemma3", 3.9, "Q4_K_M", 2.49, 0.9));
    what.models.push_back(libraryModel("Qwen3 0.6B", "qwen3", 0.6, "Q8_0", 0.64, 0.4));
    what.models.push_back(libraryModel("Qwen3 30B-A3B", "qwen3moe", 30.5, "Q4_K_M", 18.6, 2.6));
    what.models.push_back(libraryModel("SmolLM2 135M Instruct", "llama", 0.135, "Q4_1", 0.098, 0.05));
    return what;
}

MockScript completion(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().capabilities.chat = false;
    what.models.front().capabilities.thinking = false;
    return what;
}

bool seen(UiBench &bench, const QString &name) {
    return UiBench::until([&] { return bench.called(name) != nullptr; });
}

// A control operated by its key, found by what it is called in the language of the scene.
bool operate(UiBench &bench, const char *context, const char *name) {
    const QString text = QCoreApplication::translate(context, name);
    if (!seen(bench, text)) return false;
    bench.called(text)->forceActiveFocus(Qt::TabFocusReason);
    bench.press(Qt::Key_Space);
    return true;
}

// A popup stands open once one of its rows has the keys.
bool opened(UiBench &bench) {
    return UiBench::until([&] { return bench.focused() && bench.focused()->inherits("QQuickAbstractButton") &&
                                       nameOf(bench.focused()) != QString() && bench.popupOpen(); });
}

bool onPage(UiBench &bench, int page, const char *settingsPage = nullptr) {
    if (settingsPage) bench.named("shell")->setProperty("settingsPage", settingsPage);
    bench.named("shell")->setProperty("page", page);
    return true;
}

bool startThinking(UiBench &bench, bool chinese) {
    if (!bench.ask(sceneQuestion(chinese))) return false;
    ChatController &chat = bench.workspace->chat();
    chat.setThinkingBudget(4096);
    if (!chat.sendText(sceneSecondQuestion(chinese))) return false;
    app::ThoughtState *thought = nullptr;
    const bool wrote = bench.drive(
        [&] {
            thought = chat.state() == ChatController::Thinking ? chat.rows()->thought(chat.lastAnswerId()) : nullptr;
            return thought && thought->tokens() >= (chinese ? 80 : 140);
        },
        std::chrono::milliseconds(400));
    // The clock of the reply is the test's, that of the card the machine's: it says what the reply's would.
    if (wrote) thought->settle(thought->tokens() / 41.8, 0);
    return wrote;
}

bool whileThinking(UiBench &bench, bool chinese, const std::function<void(ChatController &)> &act, ChatController::State wanted) {
    if (!startThinking(bench, chinese)) return false;
    act(bench.workspace->chat());
    return UiBench::until([&] { return bench.workspace->chat().state() == wanted; });
}

bool twoVersions(UiBench &bench, bool chinese) {
    ChatController &chat = bench.workspace->chat();
    bench.workspace->settings().setShowStatistics(true);
    const auto idle = [&] { return bench.drive([&] { return !chat.busy(); }, std::chrono::seconds(1)); };
    if (!bench.ask(sceneQuestion(chinese))) return false;
    chat.edit(chat.lastQuestionId(), sceneSecondQuestion(chinese));
    if (!idle()) return false;
    chat.regenerate(chat.lastAnswerId());
    return idle() && bench.settle();
}

bool firstRow(UiBench &bench, Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QQuickItem *list = bench.called(QCoreApplication::translate("ConversationList", "Chats"));
    QQuickItem *rows = nullptr;
    for (QQuickItem *item : bench.all())
        if (item->inherits("QQuickListView") && item->property("conversations").isValid()) rows = item;
    if (!rows) rows = list;
    if (!rows) return false;
    rows->forceActiveFocus(Qt::TabFocusReason);
    if (!UiBench::until([&] { return rows->property("currentItem").value<QQuickItem *>() != nullptr; })) return false;
    bench.press(key, modifiers);
    return true;
}

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
    for (const QQuickItem *item : bench.all()) rows += item->property("downloadId").isValid();
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

bool search(UiBench &bench, const QString &text, bool found) {
    bench.press(Qt::Key_K, Qt::ControlModifier);
    bench.type(text);
    auto &list = bench.workspace->conversations();
    return UiBench::until([&] { return list.searching() && (list.count() > 0) == found && !list.resultText().isEmpty(); });
}

}  // namespace

void fillSidebar(UiBench &bench, bool chinese) {
    struct Old {
        const char *en, *zh;
        int hoursAgo;
        bool pinned;
    };
    static const Old olds[] = {
        {"Thesis: related work", "论文：相关工作", 200, true},
        {"Weekly planning", "每周计划", 300, true},
        {"Why is my CMake preset ignored", "CMake 预设为什么不生效", 1, false},
        {"Lease: early termination", "租约：提前终止", 2, false},
        {"Translate the abstract into Chinese", "把摘要译成中文", 26, false},
        {"Sourdough schedule for a cold kitchen", "冷厨房的酸面包时间表", 27, false},
        {"Explain RoPE with YaRN scaling", "RoPE 与 YaRN 的区别", 28, false},
        {"SQL: gaps and islands", "SQL：间隔与孤岛", 80, false},
        {"Letter to the housing association", "给住房协会的信", 90, false},
        {"Regex for ISO dates", "匹配 ISO 日期的正则", 100, false},
    };
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    int number = 0;
    for (const Old &old : olds) {
        app::ConversationSummary summary;
        summary.id = QStringLiteral("old-%1").arg(number++);
        summary.title = QString::fromUtf8(chinese ? old.zh : old.en);
        summary.pinned = old.pinned;
        summary.updatedMs = now - old.hoursAgo * 3600000ll;
        bench.store.createConversation(summary);
        app::Message message;
        message.id = summary.id + QStringLiteral("-1");
        message.text = sceneOldMessage(chinese, number - 1);
        message.createdMs = summary.updatedMs;
        bench.store.appendMessage(summary.id, message);
        bench.store.createConversation(summary);  // appending took the present for its time
        if (old.pinned) bench.store.pinConversation(summary.id, true);
    }
}

std::unique_ptr<UiBench> stage(const Scene &scene, QSize size, bool chinese, const std::function<void(UiBench &)> &before) {
    auto bench = std::make_unique<UiBench>(scene.script(chinese), size, std::make_shared<ManualMockClock>(), nullptr, scene.starter);
    bench->setLanguage(chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    if (before) before(*bench);
    if (scene.loads) {
        if (scene.chats) fillSidebar(*bench, chinese);
        if (!bench->load()) return nullptr;
    }
    if (!bench->show() || !scene.arrange(*bench, chinese) || !bench->settle()) return nullptr;
    return bench;
}

const std::vector<Scene> &scenes() {
    using B = UiBench;
    static const std::vector<Scene> list = {
        // What screenshots are kept of.
        {"first-run", without,
         [](B &bench, bool chinese) {
             fillCatalogue(bench.sources, chinese);
             bench.workspace->start();
             return B::until([&] { return bench.workspace->context().firstRun() && !bench.workspace->discover().bestId().isEmpty(); });
         },
         {"See how it thinks.", "Start with the small model", "Start", "Download a reasoning model", "Download", "Use a model you already have",
          "Choose file"},
         false, true, true},
        {"new-chat", answers, [](B &, bool) { return true; },
         {"What are you thinking about?", "Explain a hard idea with a small example", "Send"}, true, true},
        {"answer", answers, [](B &bench, bool chinese) { return bench.ask(sceneQuestion(chinese)); },
         {"Copy answer", "Answer again", "Copy code"}, true, true},
        {"thinking", thinking, startThinking, {"Pause", "Answer now", "Stop"}, true, true},
        {"paused", thinking,
         [](B &bench, bool chinese) {
             return whileThinking(bench, chinese, [](ChatController &chat) { chat.pause(); }, ChatController::Paused);
         },
         {"Resume", "Answer now"}, true, true},
        {"stopped", thinking,
         [](B &bench, bool chinese) {
             return whileThinking(bench, chinese, [](ChatController &chat) { chat.stop(); }, ChatController::Idle);
         },
         {"Continue thinking", "Answer from here"}, true, true},
        {"thought-open", answers,
         [](B &bench, bool chinese) {
             bench.workspace->settings().setThoughtDisplay(app::SettingsBackend::AlwaysOpen);
             return bench.ask(sceneQuestion(chinese)) && bench.ask(sceneSecondQuestion(chinese));
         },
         {"Copy thought"}, true, true},
        {"error", failing,
         [](B &bench, bool chinese) {
             bench.workspace->chat().sendText(sceneQuestion(chinese));
             return bench.drive([&] { return bench.workspace->chat().state() == ChatController::Failed; }, std::chrono::seconds(1));
         },
         {"Continue"}, true, true},
        {"search", answers,
         [](B &bench, bool chinese) {
             return search(bench, chinese ? QStringLiteral("注意力") : QStringLiteral("attention"), true);
         },
         {}, true, true},
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
             bench.sources.keeping.known = {QString(64, 'a'), QStringLiteral("Hugging Face"), QStringLiteral("MIT"), 0, 0, 18240, false};
             fillElsewhere(bench.sources);
             bench.sources.discover.mainTotal = 33'500'000'000;
             onPage(bench, 1);
             if (!B::until([&] { return bench.workspace->models().list()->models().size() == 7 && bench.workspace->keeping().found()->count() == 3; }))
                 return false;
             bench.workspace->detail().showLocal(bench.workspace->models().currentId());
             return B::until([&] { return bench.workspace->detail().planned(); });
         },
         {"Unload", "Check the file", "Remove…"}, true, true},
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
         [](B &bench, bool) {
             bench.workspace->modelSettings().setTemperature(0.45);
             bench.workspace->modelSettings().setContextLength(4096);
             return onPage(bench, 2, "model");
         },
         {"Temperature", "Context length", "Reload model"}, true, true},
        {"appearance", answers, [](B &bench, bool) { return onPage(bench, 2, "appearance"); },
         {"High contrast", "Reduce motion"}, true, true},
        {"shortcuts", answers, [](B &bench, bool) { return onPage(bench, 2, "shortcuts"); }, {}, true, true},
        {"blocks", blocks, [](B &bench, bool chinese) { return bench.ask(sceneQuestion(chinese)); }, {"Copy answer"}, true, true},
        {"branches", answers, twoVersions, {"Earlier version", "Later version"}, true, true},
        {"overflow", small,
         [](B &bench, bool chinese) {
             if (!bench.ask(sceneQuestion(chinese))) return false;
             bench.workspace->chat().setDraft((sceneSecondQuestion(chinese) + (chinese ? "" : " ")).repeated(chinese ? 400 : 100).trimmed());
             return B::until([&] { return bench.workspace->chat().overflow(); });
         },
         {"Back to the text"}, true, true},
        {"too-large", tooLarge,
         [](B &bench, bool) {
             return bench.beginLoad() && onPage(bench, 1) &&
                    B::until([&] { return bench.workspace->models().state() == app::ModelController::Failed; });
         },
         {"Try again"}, false, true},

        // What must be whole, named and reachable too.
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
        {"thought-blocks", blocks,
         [](B &bench, bool chinese) {
             bench.workspace->settings().setThoughtDisplay(app::SettingsBackend::AlwaysOpen);
             return bench.ask(sceneQuestion(chinese)) && bench.settle() && (bench.press(Qt::Key_F6), true);
         },
         {"Copy answer"}},
        {"waiting", slowToRead,
         [](B &bench, bool chinese) {
             bench.workspace->chat().sendText(sceneQuestion(chinese));
             return bench.drive([&] { return bench.workspace->chat().promptProgress() > 0.3; }, std::chrono::seconds(50));
         },
         {"Stop"}},
        {"loading", slowToLoad,
         [](B &bench, bool) {
             return bench.beginLoad() && onPage(bench, 1) &&
                    bench.drive([&] { return bench.workspace->models().loadProgress() > 0.3; }, std::chrono::seconds(50));
         },
         {"Cancel loading"}, false},
        {"completion", completion, [](B &, bool) { return true; }, {"Send"}},
        {"editing", answers,
         [](B &bench, bool chinese) {
             if (!bench.ask(sceneQuestion(chinese))) return false;
             bench.named("composerText")->forceActiveFocus();
             bench.press(Qt::Key_Up);
             return seen(bench, QCoreApplication::translate("MessageEditor", "Edit the question"));
         },
         {"Ask", "Cancel"}},
        {"export-menu", answers,
         [](B &bench, bool chinese) {
             if (!bench.ask(sceneQuestion(chinese))) return false;
             if (bench.window->width() < 640) return true;  // there it is in the chat's menu
             return operate(bench, "ChatHeader", "Export") && opened(bench);
         },
         {"JSON…"}},
        {"answer-menu", answers,
         [](B &bench, bool chinese) {
             if (!bench.ask(sceneQuestion(chinese))) return false;
             QQuickItem *row = bench.named("chatRows");
             const QString more = QCoreApplication::translate("AnswerActions", "More");
             if (!B::until([&] { return bench.called(more, row) != nullptr; })) return false;
             bench.called(more, row)->forceActiveFocus(Qt::TabFocusReason);
             bench.press(Qt::Key_Space);
             return opened(bench);
         },
         {"Delete answer"}},
        {"chat-menu", answers,
         [](B &bench, bool chinese) {
             return bench.ask(sceneQuestion(chinese)) && operate(bench, "ChatHeader", "More") && opened(bench);
         },
         {"Copy the whole chat", "Delete chat"}},
        {"prompt", answers,
         [](B &bench, bool chinese) {
             return bench.ask(sceneQuestion(chinese)) && operate(bench, "ChatHeader", "More") && opened(bench) &&
                    operate(bench, "ChatHeader", "What the model reads…") &&
                    seen(bench, QCoreApplication::translate("PromptDialog", "Prompt"));
         },
         {"Close"}},
        {"thinking-menu", answers,
         [](B &bench, bool) {
             bench.press(Qt::Key_T, Qt::ControlModifier);
             return opened(bench);
         },
         {"Thinking budget in tokens; 0 is no limit"}},
        {"model-menu", answers,
         [](B &bench, bool) {
             if (bench.window->width() < 640) return true;  // there it is a page
             bench.press(Qt::Key_M, Qt::ControlModifier);
             return opened(bench);
         },
         {"All models…"}},
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
        {"space", answers,
         [](B &bench, bool) {
             bench.sources.keeping.waste = {2, 3, 610'000'000, 9'360'000'000};
             onPage(bench, 2);
             return B::until([&] { return bench.workspace->keeping().wasteKnown(); });
         },
         {"Keep one copy", "Move…"}},
        {"row-menu", answers,
         [](B &bench, bool) {
             bench.named("shell")->setProperty("overlayOpen", true);
             return B::until([&] { return bench.named("sidebar") != nullptr; }) && firstRow(bench, Qt::Key_Menu) && opened(bench);
         },
         {"Rename", "Delete"}},
        {"rename", answers,
         [](B &bench, bool) {
             bench.named("shell")->setProperty("overlayOpen", true);
             return B::until([&] { return bench.named("sidebar") != nullptr; }) && firstRow(bench, Qt::Key_F2) &&
                    seen(bench, QCoreApplication::translate("ConversationRow", "Name of the chat"));
         },
         {"Name of the chat"}},
        {"folder", answers,
         [](B &bench, bool chinese) {
             auto &list = bench.workspace->conversations();
             list.moveToFolder(QStringLiteral("old-3"), chinese ? QStringLiteral("工作") : QStringLiteral("Work"));
             bench.named("shell")->setProperty("overlayOpen", true);
             return B::until([&] { return bench.named("sidebar") != nullptr; }) && firstRow(bench, Qt::Key_Menu) && opened(bench) &&
                    operate(bench, "ConversationMenu", "Put in a folder…") &&
                    seen(bench, QCoreApplication::translate("FolderDialog", "Folder name"));
         },
         {"Move", "Cancel"}},
        {"toast", answers,
         [](B &bench, bool) {
             bench.workspace->toasts().setHeld(true);
             bench.workspace->conversations().remove(QStringLiteral("old-5"));
             return seen(bench, QCoreApplication::translate("ToastBar", "Dismiss"));
         },
         {"Dismiss"}},
        {"notice", answers,
         [](B &bench, bool chinese) {
             bench.workspace->context().setNotice(
                 chinese ? QStringLiteral("无法写入数据文件夹。") : QStringLiteral("The data folder cannot be written."),
                 chinese ? QStringLiteral("现在的对话不会保存；请检查文件夹的权限，或用 --data-dir 选择另一个文件夹。")
                         : QStringLiteral("Chats of now are not kept; check the folder's permissions, or choose another with --data-dir."));
             return bench.ask(sceneQuestion(chinese));
         },
         {"Dismiss"}},
        {"nothing-found", answers, [](B &bench, bool) { return search(bench, QStringLiteral("zzzz"), false); }, {"Clear"}},
        {"sidebar", answers,
         [](B &bench, bool) {
             bench.named("shell")->setProperty("overlayOpen", true);
             return B::until([&] { return bench.named("sidebar") != nullptr; });
         },
         {"Hide sidebar"}},
        {"no-chats", answers,
         [](B &bench, bool) {
             bench.named("shell")->setProperty("overlayOpen", true);
             return B::until([&] { return bench.named("sidebar") != nullptr; });
         },
         {"Hide sidebar"}, true, false, false, false},
        {"thinking-settings", answers, [](B &bench, bool) { return onPage(bench, 2, "thinking"); }, {"Show thoughts: Open"}},
        {"all-sampling", answers,
         [](B &bench, bool) {
             return onPage(bench, 2, "model") && operate(bench, "SamplingGroup", "Show all sampling settings") &&
                    seen(bench, QCoreApplication::translate("SamplingGroup", "Show fewer"));
         },
         {"Show fewer"}},
    };
    return list;
}

}  // namespace pellucid::ui
