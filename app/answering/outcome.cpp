#include "app/answering/outcome.h"

#include <algorithm>
#include <array>

#include "app/answering/folded_text.h"

namespace pellucid::answering {

namespace {

/// Folded. A long answer that only mentions a gap has other things to say: these count at its beginning.
constexpr std::array kNotFound = {"not in your documents",
                                  "not in the documents",
                                  "not in these documents",
                                  "not in the passages",
                                  "not in the provided",
                                  "not contained in the",
                                  "not mentioned in the",
                                  "not covered in the",
                                  "not stated in the",
                                  "is not in the document",
                                  "is not in the text",
                                  "is not in the passage",
                                  "not specified in the",
                                  "not provided in the",
                                  "not found in the",
                                  "not available in the",
                                  "does not contain",
                                  "do not contain",
                                  "don't contain",
                                  "doesn't contain",
                                  "does not mention",
                                  "do not mention",
                                  "don't mention",
                                  "doesn't mention",
                                  "does not provide",
                                  "do not provide",
                                  "do not hold",
                                  "no information",
                                  "cannot find",
                                  "can't find",
                                  "could not find",
                                  "couldn't find",
                                  "unable to find",
                                  "cannot answer",
                                  "can't answer",
                                  "cannot be answered",
                                  "没有这方面",
                                  "没有提到",
                                  "没有提及",
                                  "未提及",
                                  "未提到",
                                  "没有找到",
                                  "找不到",
                                  "未找到",
                                  "没有包含",
                                  "不包含",
                                  "没有答案",
                                  "没有相关",
                                  "无法回答",
                                  "无法从",
                                  "没有说明",
                                  "未说明"};

}  // namespace

bool says_not_found(std::string_view answer) {
    const std::string folded = fold(answer.substr(0, 600)).text;
    const bool brief = answer.size() < 400;
    for (const std::string_view words : kNotFound) {
        const auto at = folded.find(words);
        if (at != folded.npos && (brief || at < 120)) return true;
    }
    return false;
}

Outcome outcome_of(std::string_view answer, std::size_t passages, std::span<const Verdict> verdicts) {
    if (answer.find_first_not_of(" \t\r\n") == answer.npos)
        return passages == 0 ? Outcome::nothing_found : Outcome::no_answer;
    const auto count = [&](Verdict verdict) { return std::count(verdicts.begin(), verdicts.end(), verdict); };
    const auto supported = count(Verdict::supported), unsupported = count(Verdict::unsupported);
    if (says_not_found(answer) && supported == 0)
        return passages == 0 ? Outcome::nothing_found : Outcome::not_in_documents;
    if (passages == 0) return Outcome::nothing_found;
    if (supported == 0) return Outcome::unsupported;
    return unsupported > 0 ? Outcome::partly : Outcome::answered;
}

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
            return "answered from your documents";
        case Outcome::partly:
            return "partly from your documents";
        case Outcome::unsupported:
            return "not supported by your documents";
        case Outcome::not_in_documents:
            return "not in your documents";
        case Outcome::nothing_found:
            return "nothing about it was found in your documents";
        case Outcome::no_answer:
            return "no answer";
    }
    return {};
}

bool is_near(const Nearness& nearness, const NearnessLimits& limits) {
    return (nearness.has_words && nearness.matched_share >= limits.matched_share) ||
           (nearness.has_meaning && nearness.meaning >= limits.meaning);
}

}  // namespace pellucid::answering
