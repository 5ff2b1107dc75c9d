#include "tests/ui/screenshots/scenes.h"

#include <QDateTime>
#include <QtTest>

#include "app/chat/chat_row_model.h"
#include "app/chat/thought_state.h"

namespace pellucid::ui {

namespace {

using app::ChatController;

const char *const kAnswer =
    "Look at the last column. It is covered by one upright domino, or it belongs to two lying ones, so a tiling of "
    "width $n$ ends in one of two ways, which gives the Fibonacci recurrence and, by Binet,\n\n"
    "$$T_n = T_{n-1} + T_{n-2} = \\frac{\\varphi^{n+1} - \\psi^{n+1}}{\\sqrt{5}}$$\n\n"
    "Two integers of state are enough, so the cost is linear in $n$ and needs no table:\n\n"
    "```python\ndef tilings(n: int) -> int:\n    a, b = 1, 1  # T(0), T(1)\n    for _ in range(n - 1): a, b = b, a + b\n"
    "    return b\n```\n\n"
    "| Width n | 4 | 8 | 16 | 32 |\n|:---|---:|---:|---:|---:|\n| Tilings T | 5 | 34 | 1,597 | 3,524,578 |\n"
    "| T(n) / T(n−1) | 1.6667 | 1.6190 | 1.6180 | 1.6180 |\n";

const char *const kAnswerZh =
    "设查询和键的各分量相互独立，均值为 0，方差为 1。点积是 $d$ 个独立乘积之和，每项方差都是 1：\n\n"
    "$$\\mathrm{Var}(q\\cdot k)=\\sum_{i=1}^{d}\\mathrm{Var}(q_i k_i)=d,$$\n\n"
    "标准差随 $\\sqrt{d}$ 增长。若不缩放，分数的差距会把 softmax 推到饱和区，梯度几乎为零；除以 $\\sqrt{d}$ 之后方差回到 1，"
    "与维度无关。数值例子：\n\n"
    "| 维度 d | 未缩放标准差 | 缩放后标准差 | 最大权重（中位数） |\n|:--|--:|--:|--:|\n| 16 | 4.01 | 1.00 | 0.31 |\n"
    "| 64 | 7.99 | 1.00 | 0.30 |\n| 256 | 16.02 | 1.00 | 0.31 |\n\n"
    "**注意，这只在初始化时成立**：训练以后分量不再独立，因此有些模型改用可学习的温度，或先对 $q$ 和 $k$ 做归一化。\n";

const char *const kThought =
    "We count tilings of a board of width n with dominoes and L-shaped trominoes. Let T(n) be the number of full tilings "
    "and P(n) the number of boards with one corner missing.\n\n"
    "A corner state can end in a tromino or in a lying domino. Adding both kinds up and cancelling the partial boards "
    "leaves $T_n = 2T_{n-1} + T_{n-3}$.\n\n"
    "Check it on small boards before trusting it: T(3) = 2·2 + 1 = 5 and T(4) = 2·5 + 1 = 11 match the drawings. Next, "
    "T(5) = 2·11 + 2 = 23.\n\n"
    "Wait. 22 + 2 is 24, so T(5) = 24, and 1, 2, 5, 11, 24 agrees with the drawings. With that corrected, the growth rate "
    "is the largest root of $x^3 = 2x^2 + 1$, near 2.2056 ";

const char *const kThoughtZh =
    "先设 q 与 k 的各分量独立同分布，均值为 0、方差为 1。点积是 d 项之和，所以方差是 d。\n\n"
    "再检查一个小例子：d = 4 时标准差应当是 2，随机抽样得到 1.99，吻合。";

MockReplyScript reply(const char *thought, const char *answer) { return say(thought, answer); }

MockScript answers(bool chinese) {
    return script({chinese ? reply(kThoughtZh, kAnswerZh) : reply("", kAnswer),
                   reply(chinese ? kThoughtZh : kThought, chinese ? kAnswerZh : kAnswer)});
}

QString question(bool chinese) {
    return chinese ? QStringLiteral("为什么缩放点积注意力要除以 √d？请推导方差，并给一个数值例子。")
                   : QStringLiteral("In how many ways can a 2 × n board be tiled with dominoes?");
}

// A thought that is still being written when the picture is taken.
MockScript slow(bool chinese) {
    MockScript what = answers(chinese);
    static const std::string longer = std::string(kThought) + "\n\n" + kThought + "\n\n" + kThought;
    static const std::string longerZh = std::string(kThoughtZh) + "\n\n" + kThoughtZh + "\n\n" + kThoughtZh + "\n\n" + kThoughtZh;
    MockReplyScript second = say((chinese ? longerZh : longer).c_str(), "…");
    second.tokens_per_second = 120;
    what.models.front().replies = {chinese ? say(kThoughtZh, kAnswerZh) : say("", kAnswer), second};
    return what;
}

bool startThinking(UiBench &bench, bool chinese) {
    if (!bench.ask(question(chinese))) return false;
    bench.workspace->chat().setThinkingBudget(4096);
    if (!bench.workspace->chat().sendText(chinese ? QStringLiteral("如果 d = 128，并且用 RoPE，结论还成立吗？")
                                                  : QStringLiteral("And if L-shaped trominoes are allowed too?")))
        return false;
    if (!QTest::qWaitFor([&] { return bench.workspace->chat().state() == ChatController::Thinking; }, 5000)) return false;
    QTest::qWait(900);
    return true;
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
        message.text = chinese ? QStringLiteral("多头潜在注意力把键值压缩到一个小向量里。") : QStringLiteral("What does attention cost?");
        message.createdMs = summary.updatedMs;
        bench.store.appendMessage(summary.id, message);
        if (old.pinned) bench.store.pinConversation(summary.id, true);
    }
}

const std::vector<Scene> &scenes() {
    static const std::vector<Scene> list = {
        {"first-run", [](bool) { return script({}); },
         [](UiBench &bench, bool) {
             bench.workspace->start();
             return QTest::qWaitFor([&] { return bench.workspace->context().firstRun(); });
         },
         {"See how it thinks.", "Use a model you already have", "Choose file"}, false},
        {"new-chat", answers, [](UiBench &, bool) { return true; },
         {"What are you thinking about?", "Explain a hard idea with a small example", "Send"}},
        {"answer", answers,
         [](UiBench &bench, bool chinese) { return bench.ask(question(chinese)); },
         {"Copy answer", "Answer again", "Copy code"}},
        {"thinking", slow, startThinking, {"Pause", "Answer now", "Stop"}},
        {"paused", slow,
         [](UiBench &bench, bool chinese) {
             if (!startThinking(bench, chinese)) return false;
             bench.workspace->chat().pause();
             return QTest::qWaitFor([&] { return bench.workspace->chat().state() == ChatController::Paused; }, 5000);
         },
         {"Resume", "Answer now"}},
        {"stopped", slow,
         [](UiBench &bench, bool chinese) {
             if (!startThinking(bench, chinese)) return false;
             bench.workspace->chat().stop();
             return QTest::qWaitFor([&] { return !bench.workspace->chat().busy(); }, 5000);
         },
         {"Continue thinking", "Answer from here"}},
        {"thought-open", answers,
         [](UiBench &bench, bool chinese) {
             bench.workspace->settings().setThoughtDisplay(app::SettingsBackend::AlwaysOpen);
             return bench.ask(question(chinese)) && bench.ask(question(chinese));
         },
         {"Copy thought"}},
        {"error",
         [](bool chinese) {
             MockScript what = answers(chinese);
             MockReplyScript failing = say("", kAnswer);
             failing.failure = Error{ErrorCode::device_lost, "The device stopped answering.",
                                         "Load the model again, or choose another device in its settings."};
             failing.fail_after_tokens = 60;
             what.models.front().replies = {failing};
             return what;
         },
         [](UiBench &bench, bool chinese) {
             bench.workspace->chat().sendText(question(chinese));
             return QTest::qWaitFor([&] { return !bench.workspace->chat().busy(); }, 10000);
         },
         {"Continue"}},
        {"search", answers,
         [](UiBench &bench, bool chinese) {
             bench.press(Qt::Key_K, Qt::ControlModifier);
             bench.type(chinese ? QStringLiteral("注意力") : QStringLiteral("attention"));
             return QTest::qWaitFor([&] { return bench.workspace->conversations().count() > 0 &&
                                                 bench.workspace->conversations().searching(); });
         },
         {}},
        {"models", answers,
         [](UiBench &bench, bool) {
             bench.named("shell")->setProperty("page", 1);
             return true;
         },
         {"Add from disk"}},
        {"settings", answers,
         [](UiBench &bench, bool) {
             bench.named("shell")->setProperty("page", 2);
             return true;
         },
         {"Load the last model at start", "Show statistics under answers"}},
        {"model-settings", answers,
         [](UiBench &bench, bool) {
             bench.workspace->modelSettings().setTemperature(0.45);
             bench.workspace->modelSettings().setContextLength(4096);
             bench.named("shell")->setProperty("settingsPage", "model");
             bench.named("shell")->setProperty("page", 2);
             return true;
         },
         {"Temperature", "Context length", "Reload model"}},
        {"appearance", answers,
         [](UiBench &bench, bool) {
             bench.named("shell")->setProperty("settingsPage", "appearance");
             bench.named("shell")->setProperty("page", 2);
             return true;
         },
         {"High contrast", "Reduce motion"}},
        {"shortcuts", answers,
         [](UiBench &bench, bool) {
             bench.named("shell")->setProperty("settingsPage", "shortcuts");
             bench.named("shell")->setProperty("page", 2);
             return true;
         },
         {}},
    };
    return list;
}

}  // namespace pellucid::ui
