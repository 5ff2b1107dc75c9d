// The conversation, its menus, and the sidebar.
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/chat/thought_state.h"
#include "tests/ui/kit/scene_scripts.h"
#include "tests/ui/kit/scene_steps.h"
#include "tests/ui/kit/scene_texts.h"
#include "tests/ui/kit/scenes.h"
#include "tests/ui/kit/walk.h"

namespace pellucid::ui {

namespace {

bool startThinking(UiBench &bench, bool chinese) {
    if (!bench.ask(sceneQuestion(chinese))) return false;
    app::ChatController &chat = bench.workspace->chat();
    chat.setThinkingBudget(4096);
    if (!chat.sendText(sceneSecondQuestion(chinese))) return false;
    app::ThoughtState *thought = nullptr;
    const bool wrote = bench.drive(
        [&] {
            thought = chat.state() == app::ChatController::Thinking ? chat.rows()->thought(chat.lastAnswerId()) : nullptr;
            return thought && thought->tokens() >= (chinese ? 80 : 140);
        },
        std::chrono::milliseconds(400));
    // The clock of the reply is the test's, that of the card the machine's: it says what the reply's would.
    if (wrote) thought->settle(thought->tokens() / 41.8, 0);
    return wrote;
}

bool whileThinking(UiBench &bench, bool chinese, const std::function<void(app::ChatController &)> &act, app::ChatController::State wanted) {
    if (!startThinking(bench, chinese)) return false;
    act(bench.workspace->chat());
    return UiBench::until([&] { return bench.workspace->chat().state() == wanted; });
}

bool twoVersions(UiBench &bench, bool chinese) {
    app::ChatController &chat = bench.workspace->chat();
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

bool search(UiBench &bench, const QString &text, bool found) {
    bench.press(Qt::Key_K, Qt::ControlModifier);
    bench.type(text);
    auto &list = bench.workspace->conversations();
    return UiBench::until([&] { return list.searching() && (list.count() > 0) == found && !list.resultText().isEmpty(); });
}

}  // namespace

std::vector<Scene> chatScenes() {
    using B = UiBench;
    return {
        {"new-chat", answers, [](B &, bool) { return true; },
         {"What are you thinking about?", "Explain a hard idea with a small example", "Send"}, true, true},
        {"answer", answers, [](B &bench, bool chinese) { return bench.ask(sceneQuestion(chinese)); },
         {"Copy answer", "Answer again", "Copy code"}, true, true},
        {"thinking", thinking, startThinking, {"Pause", "Answer now", "Stop"}, true, true},
        {"paused", thinking,
         [](B &bench, bool chinese) {
             return whileThinking(bench, chinese, [](app::ChatController &chat) { chat.pause(); }, app::ChatController::Paused);
         },
         {"Resume", "Answer now"}, true, true},
        {"stopped", thinking,
         [](B &bench, bool chinese) {
             return whileThinking(bench, chinese, [](app::ChatController &chat) { chat.stop(); }, app::ChatController::Idle);
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
             return bench.drive([&] { return bench.workspace->chat().state() == app::ChatController::Failed; }, std::chrono::seconds(1));
         },
         {"Continue"}, true, true},
        {"search", answers,
         [](B &bench, bool chinese) {
             return search(bench, chinese ? QStringLiteral("注意力") : QStringLiteral("attention"), true);
         },
         {}, true, true},
        {"blocks", blocks, [](B &bench, bool chinese) { return bench.ask(sceneQuestion(chinese)); }, {"Copy answer"}, true, true},
        {"branches", answers, twoVersions, {"Earlier version", "Later version"}, true, true},
        {"overflow", small,
         [](B &bench, bool chinese) {
             if (!bench.ask(sceneQuestion(chinese))) return false;
             bench.workspace->chat().setDraft((sceneSecondQuestion(chinese) + (chinese ? "" : " ")).repeated(chinese ? 400 : 100).trimmed());
             return B::until([&] { return bench.workspace->chat().overflow(); });
         },
         {"Back to the text"}, true, true},
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
    };
}

}  // namespace pellucid::ui
