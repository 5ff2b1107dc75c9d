#include "app/answering/nearest_words.h"

#include <algorithm>

#include "app/answering/passage_focus.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

constexpr int kRoom = 140;  // cautious tokens: a few sentences
constexpr double kLeastShare = 0.4;

}  // namespace

std::vector<NearestWords> nearest_words(std::string_view question, std::span<const Passage> passages,
                                        std::size_t most) {
    const PassageFocus focus(question, passages);
    std::vector<NearestWords> all;
    for (std::size_t i = 0; i < passages.size(); ++i) {
        const std::string_view text = passages[i].text;
        const Span span = focus.part_of(text, kRoom, estimated_tokens);
        if (span.empty()) continue;
        const double share = focus.share_of(text.substr(span.first, span.size()));
        if (share >= kLeastShare) all.push_back({static_cast<int>(i) + 1, span, share});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const NearestWords& a, const NearestWords& b) { return a.share > b.share; });
    if (all.size() > most) all.resize(most);
    return all;
}

}  // namespace pellucid::answering
