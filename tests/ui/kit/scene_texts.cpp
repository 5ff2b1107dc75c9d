#include "tests/ui/kit/scene_texts.h"

namespace pellucid::ui {

namespace {

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

// Longer than what is on the screen when the picture is taken, and without saying a thing twice.
const char *const kLongThought =
    "We count tilings of a board of width n with dominoes and L-shaped trominoes. Let T(n) be the number of full tilings "
    "and P(n) the number of boards with one corner missing.\n\n"
    "A corner state can end in a tromino or in a lying domino. Adding both kinds up and cancelling the partial boards "
    "leaves $T_n = 2T_{n-1} + T_{n-3}$.\n\n"
    "Check it on small boards before trusting it: T(3) = 2·2 + 1 = 5 and T(4) = 2·5 + 1 = 11 match the drawings. Next, "
    "T(5) = 2·11 + 2 = 23.\n\n"
    "Wait. 22 + 2 is 24, so T(5) = 24, and 1, 2, 5, 11, 24 agrees with the drawings. With that corrected, the growth rate "
    "is the largest root of $x^3 = 2x^2 + 1$, near 2.2056.\n\n"
    "The person may want a program as well. Three integers of state are enough, one for each of the last three widths, and "
    "the first values have to be given by hand: T(0) = 1, T(1) = 1, T(2) = 2.\n\n"
    "One more check from the other side. The partial boards are P(n) = P(n−1) + T(n−2), so P(2) = 1, P(3) = 2, P(4) = 4. "
    "Then T(4) = T(3) + T(2) + 2·P(3) = 5 + 2 + 4 = 11, the same number as before. The recurrence holds, and the answer can "
    "be short: the formula, the growth rate, and a loop.";

const char *const kLongThoughtZh =
    "先设 q 与 k 的各分量独立同分布，均值为 0、方差为 1。点积是 d 项之和，所以方差是 d。\n\n"
    "再检查一个小例子：d = 4 时标准差应当是 2，随机抽样得到 1.99，吻合。\n\n"
    "问题里加了旋转位置编码。旋转是正交变换，不改变向量的长度，每一对分量只是转过一个角度，所以 $\\mathrm{Var}(q\\cdot k)=d$ 不受影响。\n\n"
    "等等，这里用到了各分量独立。旋转之后同一对里的两个分量不再独立，不过点积按对求和，每一对的贡献仍是两项之和，期望与方差都不变。\n\n"
    "取 d = 128：不缩放时标准差约为 11.31，缩放后是 1.00。再用 64 个随机位置抽样，得到 11.27 与 0.996，都在误差之内。\n\n"
    "所以结论仍然成立，只是训练之后方差会偏离 1，这一点要在回答里说明，并提一下有些模型改用可学习的温度。";

struct OldMessage {
    const char *en, *zh;
};
const OldMessage kOldMessages[] = {
    {"Which papers compare linear attention with the softmax kind?", "哪些论文比较了线性注意力与 softmax 注意力？"},
    {"Keep the mornings free; they get my full attention.", "把上午空出来，注意力最集中。"},
    {"It prints \"pay attention to the binary dir\" and builds nothing.", "我的注意力都在缓存变量上，预设却没有生效。"},
    {"What deserves attention before I sign the amendment?", "签补充协议之前，注意力该放在哪些条款上？"},
    {"Translate “attention” the same way throughout.", "“attention” 一词全文统一译作注意力。"},
    {"A cold kitchen needs more attention and a longer proof.", "厨房太冷，发酵更长，也更费注意力。"},
    {"RoPE rotates the queries and keys of attention only.", "旋转位置编码只作用于注意力的查询和键。"},
    {"The gaps only draw attention once a day is missing.", "缺了一天，注意力才会落到间隔上。"},
    {"A friendly letter that still gets their attention.", "一封客气、又能引起对方注意力的信。"},
    {"Draw attention to the dates with a named group.", "用具名分组把注意力放在日期上。"},
};

const char *const kBlocks =
    "# Heading of the first kind\n\nA paragraph with **strong**, *slanted*, ~~struck~~ words, `inline code`, a "
    "[link](https://example.org), a formula $e^{i\\pi} + 1 = 0$ and a broken one $\\nope{x$ in its line.\n\n"
    "## Heading of the second kind\n\n- first\n- second with a line that is long enough to wrap in a narrow window, so "
    "that its hanging indent can be seen\n  - nested\n    - deeper\n\n1. one\n2. two\n10. ten\n\n- [x] done\n- [ ] "
    "open\n\n### Heading of the third kind\n\n> A quotation that somebody wrote.\n>\n> > And one inside it.\n\n"
    "```cpp\nstd::vector<std::pair<std::string, std::chrono::steady_clock::time_point>> a_long_name_that_goes_on = "
    "make_something(first_argument, second_argument, third_argument);  // wide\nint x = 1;\n```\n\n"
    "```\nl1\nl2\nl3\nl4\nl5\nl6\nl7\nl8\nl9\nl10\nl11\nl12\nl13\nl14\nl15\nl16\nl17\nl18\nl19\nl20\nl21\nl22\n"
    "l23\nl24\nl25\nl26\nl27\nl28\n```\n\n"
    "$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$\n\n"
    "$$a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} + a_{14} + a_{15} + "
    "a_{16} + a_{17} + a_{18} + a_{19} + a_{20} + a_{21} + a_{22} + a_{23} = b$$\n\n$$\\undefinedcommand{x}$$\n\n"
    "| Name | Left | Middle | Right | Another | One more column | And the last of them |\n"
    "|---|:--|:-:|--:|---|---|---|\n| alpha | `a` | **b** | 1,597.50 | some longer words here | $x^2$ | the end |\n"
    "| beta | c | d | 3.25 | words | $y$ | of the row |\n\n---\n\nThe last line.";

const char *const kBlocksZh =
    "# 一级标题\n\n一个段落，有**加粗**、~~删去~~的字，`行内代码`，[链接](https://example.org)，公式 $e^{i\\pi} + 1 = 0$，以及一个写错的 "
    "$\\nope{x$。\n\n## 二级标题\n\n- 第一项\n- 第二项，这一行足够长，在窄窗口里会折行，可以看到悬挂缩进是否对齐，标点也不能出现在行首，"
    "对吗？\n  - 嵌套\n    - 更深\n\n1. 一\n2. 二\n10. 十\n\n- [x] 完成\n- [ ] 未完成\n\n### 三级标题\n\n> 某人写下的一段引文。\n>\n> > "
    "引文中的引文。\n\n```cpp\nstd::vector<std::pair<std::string, int>> names = make_something(first_argument, "
    "second_argument, third_argument, fourth_argument);  // 很宽的一行\nint x = 1;\n```\n\n"
    "```\n一\n二\n三\n四\n五\n六\n七\n八\n九\n十\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n1\n2\n3\n4\n5\n6\n```\n\n"
    "$$\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}$$\n\n"
    "$$a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} + a_{14} + a_{15} + "
    "a_{16} + a_{17} + a_{18} + a_{19} + a_{20} + a_{21} + a_{22} + a_{23} = b$$\n\n$$\\undefinedcommand{x}$$\n\n"
    "| 名称 | 左 | 中 | 右 | 另一列 | 再来一列 | 最后一列 |\n|---|:--|:-:|--:|---|---|---|\n"
    "| 甲 | `a` | **乙** | 1,597.50 | 这里的文字长一些 | $x^2$ | 结束 |\n| 丙 | c | d | 3.25 | 文字 | $y$ | 这一行 |\n\n---\n\n最后一行。";

}  // namespace

const char *sceneAnswer(bool chinese) { return chinese ? kAnswerZh : kAnswer; }
const char *sceneLongThought(bool chinese) { return chinese ? kLongThoughtZh : kLongThought; }
QString sceneOldMessage(bool chinese, int number) {
    const OldMessage &message = kOldMessages[static_cast<std::size_t>(number) % std::size(kOldMessages)];
    return QString::fromUtf8(chinese ? message.zh : message.en);
}
const char *sceneThought(bool chinese) { return chinese ? kThoughtZh : kThought; }
const char *sceneBlocks(bool chinese) { return chinese ? kBlocksZh : kBlocks; }

QString sceneQuestion(bool chinese) {
    return chinese ? QStringLiteral("为什么缩放点积注意力要除以 √d？请推导方差，并给一个数值例子。")
                   : QStringLiteral("In how many ways can a 2 × n board be tiled with dominoes?");
}

QString sceneSecondQuestion(bool chinese) {
    return chinese ? QStringLiteral("如果 d = 128，并且用 RoPE，结论还成立吗？")
                   : QStringLiteral("And if L-shaped trominoes are allowed too?");
}

}  // namespace pellucid::ui
