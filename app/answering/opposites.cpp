#include "app/answering/opposites.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "app/answering/folded_text.h"

namespace pellucid::answering {

namespace {

struct Pair {
    std::string_view one, other;  ///< choices, parted by "|"
};
constexpr std::array kOpposites = {
    Pair{"more|greater|larger|bigger|higher|increase|increases|increased|increasing|longer|faster|grows",
         "less|fewer|smaller|lower|decrease|decreases|decreased|decreasing|shorter|slower|shrinks|reduces|"
         "reduced"},
    Pair{"maximum|at most", "minimum|at least"},
    Pair{"before", "after"},
    Pair{"above", "below"},
    Pair{"enable|enables|enabled|enabling", "disable|disables|disabled|disabling"},
    Pair{"accept|accepts|accepted", "reject|rejects|rejected"},
    Pair{"succeeds|succeed|success", "fails|fail|failure"},
    Pair{"inside|internal", "outside|external"},
    Pair{"required|mandatory", "optional"},
    Pair{"automatically|automatic", "manually|manual"},
    Pair{"ascending", "descending"},
    Pair{"horizontal|horizontally", "vertical|vertically"},
    Pair{"oldest", "newest"},
    Pair{"first", "last"},
    Pair{"left", "right"},
    Pair{"top", "bottom"},
    Pair{"even", "odd"},
    Pair{"public", "private"},
    Pair{"online", "offline"},
    Pair{"增加|增大|提高|上升|变大|增长", "减少|减小|降低|下降|变小|缩短"},
    Pair{"之前|以前", "之后|以后"},
    Pair{"最多|至多", "最少|至少"},
    Pair{"以上", "以下"},
    Pair{"打开|启用|开启", "关闭|禁用|停用"},
    Pair{"自动", "手动|手工"},
    Pair{"大于|高于|超过|多于", "小于|低于|少于|不足"},
    Pair{"内部", "外部"},
    Pair{"上方", "下方"},
    Pair{"成功", "失败"},
    Pair{"必须", "可选"},
    Pair{"横向|水平", "纵向|垂直"},
    Pair{"升序", "降序"},
    Pair{"快", "慢"},
    Pair{"第一", "最后"},
    Pair{"左", "右"}};

/// The choice that the text has; empty: none.
std::string found_in(const Terms& terms, std::string_view folded, std::string_view choices) {
    while (!choices.empty()) {
        const auto bar = choices.find('|');
        const std::string_view choice = choices.substr(0, bar);
        choices = bar == choices.npos ? std::string_view() : choices.substr(bar + 1);
        const bool ideographs = static_cast<unsigned char>(choice[0]) >= 0x80;
        if (ideographs || choice.find(' ') != choice.npos) {
            if (folded.find(choice) != folded.npos) return std::string(choice);
            continue;
        }
        for (const Term& term : terms.all)
            if ((term.kind == Term::Kind::word || term.kind == Term::Kind::negator ||
                 term.kind == Term::Kind::name) &&
                term.text == choice)
                return std::string(choice);
    }
    return {};
}

}  // namespace

Opposites opposites(const Terms& claim, std::string_view claim_text, const Terms& passage,
                    std::string_view passage_text) {
    const std::string mine = fold(claim_text).text, theirs = fold(passage_text).text;
    for (const auto& [one, other] : kOpposites)
        for (const auto& [here, there] : {std::pair(one, other), std::pair(other, one)}) {
            const std::string in_claim = found_in(claim, mine, here);
            if (in_claim.empty() || !found_in(claim, mine, there).empty()) continue;
            const std::string in_passage = found_in(passage, theirs, there);
            if (!in_passage.empty() && found_in(passage, theirs, here).empty()) return {in_claim, in_passage};
        }
    // "available" and "unavailable", "valid" and "invalid".
    const auto word_in = [](const Terms& terms, std::string_view text) {
        return std::any_of(terms.all.begin(), terms.all.end(), [&](const Term& term) {
            return term.kind == Term::Kind::word && term.text == text;
        });
    };
    for (const auto& [these, those, claimed] :
         {std::tuple(&claim, &passage, true), std::tuple(&passage, &claim, false)})
        for (const Term& term : these->all) {
            if (term.kind != Term::Kind::word || term.text.size() < 4) continue;
            for (const char* prefix : {"un", "in", "im", "non", "ir"}) {
                const std::string denied = prefix + term.text;
                if (word_in(*those, denied) && !word_in(*those, term.text) && !word_in(*these, denied))
                    return claimed ? Opposites{term.text, denied} : Opposites{denied, term.text};
            }
        }
    return {};
}

}  // namespace pellucid::answering
