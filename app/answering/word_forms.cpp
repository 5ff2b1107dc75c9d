#include "app/answering/word_forms.h"

#include <algorithm>
#include <string>

namespace pellucid::answering {

namespace {

std::string american(std::string_view word) {
    std::string same(word);
    for (const std::string_view ending : {"isation", "ising", "ised", "ise", "ises"})
        if (auto at = same.rfind(ending); at != same.npos && at > 2 && at + ending.size() == same.size())
            same[at + 1] = 'z';
    if (auto at = same.find("our"); at != same.npos && at > 2) same.erase(at + 1, 1);
    return same;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    if (a == b) return true;
    // Forms of one word begin alike; most pairs that are asked about do not.
    if (a.size() < 2 || b.size() < 2 || a[0] != b[0] || a[1] != b[1]) return false;
    const std::string left = american(a), right = american(b);
    if (left == right) return true;
    std::size_t common = 0;
    while (common < left.size() && common < right.size() && left[common] == right[common]) ++common;
    const std::size_t longer = std::max(left.size(), right.size()),
                      shorter = std::min(left.size(), right.size());
    if (common == shorter && shorter >= 2) {
        const std::string rest = (left.size() > right.size() ? left : right).substr(common);
        for (const std::string_view ending : {"s", "es", "ed", "d", "ing", "ly", "er", "r", "'s"})
            if (rest == ending && (shorter >= 3 || ending == "s")) return true;
    }
    return common >= 5 && common * 100 >= longer * 55;
}

}  // namespace pellucid::answering
