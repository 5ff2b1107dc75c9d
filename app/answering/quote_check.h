// Whether a passage says what an answer cites it for.
//
// First the words: a sentence that stands in the passage as it is (normalised) is supported. Otherwise enough
// of what it says must be found near together in the passage, by words or, where a model for it is there, by
// meaning. Then what a paraphrase must not change is compared literally: numbers, units, names, negations,
// opposites. Units are not converted: "5 km" does not support "3.1 miles".
//
// A check of words is no proof. What it marks is worth a look; what it passes can still be wrong.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

enum class Verdict {
    supported,
    unsupported,
    not_checkable,  ///< nothing in it that could be compared (a heading or title, the question again,
                    ///< "Yes."), or another language without a model of meaning and without a name or number
                    ///< to go by
};

enum class Doubt {
    none,
    not_found,  ///< the passage says nothing like it
    number,
    unit,
    name,
    negation,
    opposite,  ///< "more" against "less", 之前 against 之后
};

struct ClaimCheck {
    Verdict verdict = Verdict::not_checkable;
    Doubt doubt = Doubt::none;
    std::string claimed;    ///< what differs, as the claim has it ("2.1", "week")
    std::string said;       ///< and as the passage has it; may be empty: it has nothing of the kind
    Span evidence;          ///< bytes of the passage's text that come nearest; empty: none
    double coverage = 0;    ///< 0 to 1: how much of the claim's words the passage has near together
    bool verbatim = false;  ///< stands in the passage word for word
};

/// How alike two texts are in meaning, -1 to 1; nothing where it cannot be told.
using Meaning = std::function<std::optional<double>(std::string_view, std::string_view)>;

struct CheckSettings {
    Meaning meaning;      ///< empty: by words alone
    double alike = 0.86;  ///< from here on `meaning` counts for something (multilingual E5's scale)
    double same = 0.92;   ///< and from here on it is enough
    double least_coverage = 0.45;
    /// The model names no passage for the claim: one must say clearly more of it, in words.
    bool unmarked = false;
    /// What was asked; may be empty. A sentence that repeats an open question says nothing that a passage
    /// could support, and what it adds to the question must be found too.
    std::string question;
};

/// One sentence against one passage. Pure; any bytes.
ClaimCheck check_claim(std::string_view claim, const Passage& passage, const CheckSettings& settings = {});

/// Against all that it cites: supported where one passage supports it, or all together do. `which` is the
/// index of the passage that comes nearest.
struct CitedCheck {
    ClaimCheck check;
    std::size_t which = 0;
};
CitedCheck check_claim(std::string_view claim, std::span<const Passage* const> passages,
                       const CheckSettings& settings = {});

/// "the number 2.1 is not in the passage, which has 1.8": for the command line and the log.
std::string explain(const ClaimCheck& check);

}  // namespace pellucid::answering
