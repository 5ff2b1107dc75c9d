// Cuts text into the words within which a BPE tokenizer merges.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/regex.h"

namespace pellucid {

/// What becomes of a match of a split pattern (the words of tokenizer.json).
enum class SplitBehavior {
    isolated,              ///< a word of its own
    removed,               ///< dropped
    merged_with_previous,  ///< the end of the word before it
    merged_with_next,      ///< the beginning of the word after it
    contiguous,            ///< matches that touch are one word
};

/// One step: every word so far is cut further by a pattern.
struct SplitStep {
    Regex regex;
    SplitBehavior behavior = SplitBehavior::isolated;
    bool invert = false;  ///< the pattern describes what lies between the matches
};

/// A sequence of steps. Immutable and thread safe.
class PreTokenizer {
public:
    PreTokenizer() = default;
    explicit PreTokenizer(std::vector<SplitStep> steps) : steps_(std::move(steps)) {}

    /// Calls `word` with the words of `text` in order; without a step the whole text is one word. Empty words
    /// are left out. PRECONDITION: well-formed UTF-8.
    template <typename Word>
    void split(std::string_view text, Word&& word) const {
        if (text.empty()) return;
        if (steps_.empty()) return word(text);
        if (steps_.size() == 1 && steps_[0].behavior == SplitBehavior::isolated)
            return each_isolated(text, word);
        for (const ByteSpan span : spans(text)) word(text.substr(span.begin, span.end - span.begin));
    }

    const std::vector<SplitStep>& steps() const { return steps_; }

private:
    template <typename Word>
    void each_isolated(std::string_view text, Word&& word) const {
        std::string storage;
        const std::string_view subject = with_known_characters(text, storage);
        Regex::Search search(steps_[0].regex);
        std::size_t done = 0, from = 0;
        while (from <= text.size()) {
            const auto match = search.next(subject, from);
            if (!match) break;
            if (match->begin > done) word(text.substr(done, match->begin - done));
            if (match->end > match->begin) word(text.substr(match->begin, match->end - match->begin));
            done = match->end;
            from = match->end > match->begin ? match->end : next_character(subject, match->end);
        }
        if (done < text.size()) word(text.substr(done));
    }
    static std::size_t next_character(std::string_view text, std::size_t at);
    std::vector<ByteSpan> spans(std::string_view text) const;

    std::vector<SplitStep> steps_;
};

/// BERT's: words end at white space, which is dropped; each punctuation mark is a word.
Result<std::vector<SplitStep>> bert_pre_tokenizer();

}  // namespace pellucid
