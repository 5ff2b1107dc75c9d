// Words and their opposites.
#pragma once

#include <string>
#include <string_view>

#include "app/answering/claim_terms.h"

namespace pellucid::answering {

/// A word and its opposite (more and less, before and after, 打开 and 关闭) stand in the two texts, each in
/// one: the opposite pair as "more / less"; empty: none does.
struct Opposites {
    std::string in_claim, in_passage;
    bool found() const { return !in_claim.empty(); }
};
Opposites opposites(const Terms& claim, std::string_view claim_text, const Terms& passage,
                    std::string_view passage_text);

}  // namespace pellucid::answering
