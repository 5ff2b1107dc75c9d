"""How many of a question's content words stand in its gold passage.

The rule. Latin words: lower-cased runs of letters and digits, without the stop words below, cut to a stem (plural,
-ed, -ing, -ly and the like fall away, so that "indexes" and "indexing" count as shared); a word weighs 1 and is
shared when its stem is a stem of the passage. Han: the stop words below split the text into runs of content
characters; a character weighs 1/2 (most words have two) and is shared when it lies in a piece of two or more
characters of its run that also stands in the passage, or, where the run is a single character, when the passage
has that character. The share is shared weight / whole weight. No dictionary and no segmenter are needed, and the
Han rule cannot be beaten by bigrams that straddle two words: they only enlarge a denominator elsewhere, here not.
"""

import re
import unicodedata

STOP_EN = set("""a about above after again against all already also always am an and another any anybody anything are
as at away back be became become becomes been before being below between both but by can cannot come comes could did
do does doing done down during each either else even ever every everybody everything exactly few first for from get
gets give gives given go goes going got had happen happens has have having he help helps her here him his how however
i if in into is it its itself just keep keeps kind kinds know let lets like long made make makes many may me mean
means might mine more most much must my myself need needs never no none nor not nothing now of off often on once one
only onto or other others our out over own part people per please possible put quite rather really same say says see
seem seems shall she should since so some somebody something still such take takes tell tells than that the their
them then there these they thing things this those though through thus till to together too toward towards tried try
two under unless until up upon us use used useful uses using very want wants was way ways we well were what when
where whether which while who whom whose why will with within without would yes yet you your""".split())

STOP_ZH = sorted("""为什么 怎么样 怎么办 怎么 怎样 如何 什么 哪些 哪个 哪种 哪里 哪一 哪几 哪两 哪 多少 多久 几个 几 吗 呢 吧 了 的 地 得 着 过 是不是
是 在 我们 你们 他们 它们 我 你 您 他 她 它 自己 要 会不会 会 能不能 能 可以 可 应该 应当 应 该 需要 需 必须 没有 没 有 不会 不能 不 别 把 被 给 和 与
或者 或 及 也 还是 还 都 就 才 只 又 再 这样 这里 这个 这些 这 那样 那里 那个 那些 那 时候 时 里面 里 上面 上 下面 下 中 对 从 到 向 往 用 让 使 叫 请问 请
如果 要是 假如 因为 所以 但是 但 而 且 并 则 比 更 很 太 最 已经 已 正 一个 一种 一些 一下 一 两 个 种 些 件 次 想 做 办 说 去 来 之 其 其它 其他 某 每 各
以后 以前 之前 之后 以 于 由 所 等 为 什 么 怎 样 谁 呀 啊 嘛 后 前 先 然后 出 起 好 多 大 小 何""".split(), key=lambda w: -len(w))

_SPLIT_ZH = re.compile("|".join(map(re.escape, STOP_ZH)))


def stem(word):
    for end in ("ization", "isation", "ations", "ation", "ings", "ing", "edly", "ies", "ied", "ers", "er", "es", "ed",
                "ly", "s", "e", "y"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            word = word[: -len(end)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def latin_words(text):
    return re.findall(r"[a-z0-9\u00c0-\u024f]+", text)


def han_runs(text):
    return [run for run in re.split(r"[^\u3400-\u4dbf\u4e00-\u9fff]+", text) if run]


def share(question, passage):
    question = unicodedata.normalize("NFKC", question).casefold()
    passage = unicodedata.normalize("NFKC", passage).casefold()
    stems = {stem(w) for w in latin_words(passage)}
    whole = shared = 0.0
    for word in latin_words(question):
        if word in STOP_EN:
            continue
        whole += 1
        shared += stem(word) in stems
    han = "".join(re.findall(r"[\u3400-\u4dbf\u4e00-\u9fff]+", passage))
    for run in han_runs(question):
        for piece in _SPLIT_ZH.split(run):
            if not piece:
                continue
            covered = [False] * len(piece)
            if len(piece) == 1:
                covered[0] = piece in han
            for i in range(len(piece) - 1):
                if piece[i: i + 2] in han:
                    covered[i] = covered[i + 1] = True
            whole += 0.5 * len(piece)
            shared += 0.5 * sum(covered)
    return shared / whole if whole else 0.0
