// What became of a question: answered from the documents, in part, or not in them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/document_prompt.h"
#include "app/answering/quote_check.h"

namespace pellucid::answering {

enum class Outcome {
    answered,          ///< from the documents, with what supports it
    partly,            ///< some of it is supported, some is not
    unsupported,       ///< the model said something that its passages do not say
    not_in_documents,  ///< the model found no answer in the passages
    nothing_found,     ///< no passage was near enough to be read; the model was not needed
    no_answer,         ///< the reply was empty, or ended before its answer
};

/// The answer says that the documents do not hold one: our own sentence, or the ways in which models put it.
bool says_not_found(std::string_view answer);

/// From the verdicts of the answer's sentences.
Outcome outcome_of(std::string_view answer, std::size_t passages, std::span<const Verdict> verdicts);

/// "Not in your documents", for people (English).
std::string_view to_string(Outcome outcome);

/// Passages that are worth reading. A question that nothing in the library is about still has a nearest
/// passage; it is told by what the channels gave: no word of weight in common, and no vector near it.
struct Nearness {
    bool has_words = false;    ///< found through the words channel
    double matched_share = 0;  ///< of the question's words, those that occur in it
    bool has_meaning = false;  ///< found through the vectors channel
    double meaning = 0;        ///< cosine
};
struct NearnessLimits {
    double matched_share = 0.34;
    double meaning = 0.8;  ///< multilingual E5 gives unrelated texts 0.7 to 0.8
};
bool is_near(const Nearness& nearness, const NearnessLimits& limits = {});

}  // namespace pellucid::answering
