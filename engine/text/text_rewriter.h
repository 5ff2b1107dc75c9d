// What a tokenizer does to text before it cuts it: Unicode normalization, replacements, prefixes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/bert_normalizer.h"
#include "engine/text/charsmap.h"
#include "engine/text/regex.h"

namespace pellucid {

/// Unicode normalization by ICU (Unicode 15.0 in ICU 72).
struct NormalizeStep {
    enum class Form { nfc, nfd, nfkc, nfkd } form;
};
/// Every occurrence of `text`, or match of `regex`, becomes `with`.
struct ReplaceStep {
    std::string text;
    std::optional<Regex> regex;
    std::string with;
};
/// `text` goes before every non-empty piece of text.
struct PrependStep {
    std::string text;
    bool unless_there = false;  ///< not where the piece begins with `text` already
    bool only_first = false;    ///< only the piece at the very beginning
};
/// Each character by itself, as the `tokenizers` library does it (no final sigma).
struct LowercaseStep {};
/// White space at the ends goes.
struct StripStep {
    bool left = true, right = true;
};

/// Non-spacing marks go; what is composed stays so.
struct StripMarksStep {};
/// BERT's normalization.
struct BertStep {
    BertNormalizer normalizer;
};
/// SentencePiece's character map.
struct CharsmapStep {
    std::shared_ptr<const Charsmap> map;
};

using RewriteStep = std::variant<NormalizeStep, ReplaceStep, PrependStep, LowercaseStep, StripStep,
                                 StripMarksStep, BertStep, CharsmapStep>;

/// A sequence of steps. Immutable and thread safe.
class TextRewriter {
public:
    TextRewriter() = default;
    explicit TextRewriter(std::vector<RewriteStep> steps) : steps_(std::move(steps)) {}

    bool empty() const { return steps_.empty(); }

    /// The rewritten text: `text` itself where nothing changed, else a view of `storage`.
    /// `first`: this piece is the beginning of what is tokenized. PRECONDITION: well-formed UTF-8.
    std::string_view rewrite(std::string_view text, bool first, std::string& storage) const;

private:
    std::vector<RewriteStep> steps_;
};

}  // namespace pellucid
