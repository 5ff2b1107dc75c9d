// BERT's normalization: control characters go, white space becomes spaces, spaces around Chinese characters,
// then accents and capitals go. Source: google-research/bert, tokenization.py, BasicTokenizer; where they
// differ, as the `tokenizers` library has it.
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

struct BertNormalizer {
    bool clean_text = true;     ///< drop control characters; any white space is a space
    bool space_chinese = true;  ///< a space on both sides of each Chinese character
    bool strip_accents = true;  ///< decompose (NFD), drop non-spacing marks
    bool lowercase = true;

    /// PRECONDITION: well-formed UTF-8.
    std::string rewrite(std::string_view text) const;
};

/// `text` without its non-spacing marks.
std::string without_marks(std::string_view text);
/// Appends the lower case of one character, whatever stands around it.
void append_lower_case(std::string& out, char32_t code_point);

}  // namespace pellucid
