// Prompt lookup: what followed the last time these tokens stood here. Free, and right wherever a reply
// repeats its prompt or itself: quotations, code, a thought that goes over its steps again.
#pragma once

#include "engine/speculation/drafter.h"

namespace pellucid {

/// The text's last tokens are looked for in all of it; of the places where most of them (at least `least`, at
/// most `enough`) stand, the latest is copied from. Time linear in the text, no memory kept.
class PromptLookup final : public Drafter {
public:
    explicit PromptLookup(int least = 2, int enough = 16) : least_(least), enough_(enough) {}
    Result<std::vector<TokenId>> propose(std::span<const TokenId> tokens, int most) override;

private:
    const int least_, enough_;
};

}  // namespace pellucid
