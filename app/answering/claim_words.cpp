#include "app/answering/claim_words.h"

#include <algorithm>
#include <array>
#include <set>

namespace pellucid::answering {

namespace {

constexpr std::array kNegators = {"not",       "never",      "no",     "none",      "neither", "nor",
                                  "without",   "cannot",     "unable", "unless",    "nobody",  "nothing",
                                  "nowhere",   "impossible", "hardly", "rarely",    "prevent", "prevents",
                                  "prevented", "avoid",      "avoids", "forbidden", "forbids", "prohibited",
                                  "prohibits", "disallowed", "lack",   "lacks",     "refuses"};
/// Look like negations and are none.
constexpr std::array kChineseIdioms = {
    "不得不", "没有区别", "没有差别", "无差别", "不同", "不仅", "不但", "不管", "不论", "不过", "不断",
    "不久",   "不少",     "差不多",   "不妨",   "不只", "不止", "不光", "无论", "非常", "未来", "无线",
    "是不是", "能不能",   "会不会",   "要不要", "非法", "无疑", "无非", "南无", "不错", "不由"};
constexpr std::array kChineseNegators = {"不能", "不会", "不可", "不得", "不要", "不必", "不应", "不需",
                                         "不用", "并非", "没有", "无法", "无需", "无须", "切勿", "从不",
                                         "绝不", "禁止", "除非", "避免", "防止", "拒绝", "缺少", "缺乏",
                                         "难以", "不",   "没",   "未",   "无",   "勿",   "非"};
/// Ideographs that bind words: pairs with them carry little.
constexpr std::string_view kBinding =
    "的了是在和与及或也都就将把被对从到这那其该之以而且但若如则为于您你我他它们吗呢吧啊等所很更最会能可要应让"
    "使用有个种";

template <std::size_t n>
std::string_view begins_with(std::string_view text, const std::array<const char*, n>& words) {
    for (const std::string_view word : words)
        if (text.starts_with(word)) return word;
    return {};
}

}  // namespace

bool is_function_word(std::string_view word) {
    static const std::set<std::string_view> kWords = {
        "a",       "an",       "the",     "of",      "to",      "in",      "on",         "at",    "by",
        "for",     "with",     "from",    "as",      "is",      "are",     "was",        "were",  "be",
        "been",    "being",    "it",      "its",     "this",    "that",    "these",      "those", "and",
        "or",      "but",      "if",      "then",    "than",    "so",      "such",       "which", "who",
        "whom",    "whose",    "what",    "when",    "while",   "where",   "there",      "here",  "do",
        "does",    "did",      "done",    "have",    "has",     "had",     "will",       "would", "shall",
        "should",  "can",      "could",   "may",     "might",   "must",    "you",        "your",  "they",
        "their",   "them",     "he",      "she",     "his",     "her",     "we",         "our",   "i",
        "my",      "me",       "us",      "also",    "just",    "very",    "some",       "any",   "each",
        "every",   "both",     "either",  "into",    "onto",    "over",    "under",      "about", "out",
        "per",     "one",      "ones",    "because", "since",   "how",     "why",        "only",  "other",
        "more",    "less",     "most",    "many",    "much",    "few",     "own",        "same",  "too",
        "up",      "down",     "between", "during",  "through", "before",  "after",      "until", "again",
        "however", "although", "though",  "yet",     "still",   "already", "via",        "e",     "g",
        "i.e",     "e.g",      "etc",     "all",     "another", "itself",  "themselves", "get",   "gets",
        "got",     "make",     "makes",   "need",    "needs",   "usually", "always",     "often", "least",
        "like"};
    return kWords.contains(word);
}

bool is_negator(std::string_view word) {
    return std::find(kNegators.begin(), kNegators.end(), word) != kNegators.end();
}

std::string_view chinese_idiom_at(std::string_view text) {
    return begins_with(text, kChineseIdioms);
}

std::string_view chinese_negator_at(std::string_view text) {
    return begins_with(text, kChineseNegators);
}

bool binds(std::string_view ideograph) {
    return kBinding.find(ideograph) != kBinding.npos;
}

}  // namespace pellucid::answering
