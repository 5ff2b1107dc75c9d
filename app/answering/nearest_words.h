// The words of the documents that are nearest to a question, as they stand there: what a person can be shown
// where a model gave no answer, or one that its passages do not bear out.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

struct NearestWords {
    int number = 0;    ///< of the passage, from 1
    Span span;         ///< bytes of its text: a few sentences
    double share = 0;  ///< 0 to 1: how much of what the question asks about they have
};

/// At most `most`, nearest first, each of another passage. None where no passage has at least half of what
/// the question asks about (by words: a question in another language than its passages finds none).
std::vector<NearestWords> nearest_words(std::string_view question, std::span<const Passage> passages,
                                        std::size_t most = 2);

}  // namespace pellucid::answering
