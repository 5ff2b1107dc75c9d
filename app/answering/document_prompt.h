// The message that asks a question about documents: which passages are in it, in which order, within which
// room. All is in one user message, since R1 is to be used without a system prompt.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"
#include "app/answering/untrusted_text.h"
#include "engine/base/error.h"
#include "engine/runtime/session.h"

namespace pellucid::answering {

enum class Language { english, chinese };
/// Chinese where ideographs carry the question.
Language language_of(std::string_view text);

/// How the model is asked to cite; every form is understood whatever was asked for (citation_marks.h).
enum class MarkStyle {
    brackets,  ///< [1]
    citation,  ///< [citation:1], which the DeepSeek models were taught
};
MarkStyle mark_style_of(const ModelInfo& model);

/// What the message looks like (prompt_wording.h).
enum class PromptForm {
    file_template,
    plain,  ///< for the smallest models
};
/// plain below half a billion parameters.
PromptForm form_of(const ModelInfo& model);

/// Tokens of a text, as it stands in a prompt.
using TokenCounter = std::function<int(std::string_view)>;
/// A cautious estimate for any model.
int estimated_tokens(std::string_view text);
/// A model's own tokenizer, text of control tokens read literally; without one a cautious estimate.
TokenCounter counter_of(const Model& model);
/// What a model's tokenizer reads as one control token. PRECONDITION: the model outlives it.
IsSpecial special_of(const Model& model);

struct PromptSettings {
    std::optional<Language> language;  ///< nothing: the question's
    PromptForm form = PromptForm::file_template;
    bool completion = false;  ///< for a model without a chat template: `plain`, up to "Answer:"
    MarkStyle marks = MarkStyle::brackets;
    int room = 2048;  ///< tokens for the whole message
    int passage_tokens =
        512;  ///< of one passage at most; of longer ones the sentences nearest to the question
    IsSpecial is_special;
};

/// A passage as the model is given it. Its number is its place in DocumentPrompt::placed plus one.
struct PlacedPassage {
    Passage passage;          ///< text: as given to the model before it was made safe, cut where `cut`
    std::size_t source = 0;   ///< index into what was handed in
    int tokens = 0;           ///< of its text
    bool cut = false;         ///< its beginning or its end did not fit
    std::vector<Flag> flags;  ///< spans in passage.text
};

struct DocumentPrompt {
    std::string content;  ///< of the user's message
    int tokens = 0;       ///< of `content`
    std::vector<PlacedPassage> placed;
    std::vector<std::size_t> left_out;  ///< those for which there was no room, nearest first
    Language language = Language::english;
    std::vector<std::string> stops;  ///< for Request::stop: the answer has ended there

    /// The passages in order of their numbers.
    std::vector<Passage> passages() const;
};

/// `passages` nearest first: in that order they get their place, within a document they are put in the order
/// of its text, and what one repeats of the one before it (overlapping chunks) is left out. No passages: the
/// question with the instruction to say that nothing was found.
/// context_overflow when not even the question fits; invalid_argument for an empty question.
Result<DocumentPrompt> make_document_prompt(std::string_view question, std::span<const Passage> passages,
                                            const PromptSettings& settings, const TokenCounter& count);

/// What the model is asked to say where the passages hold no answer.
std::string_view not_found_sentence(Language language);

}  // namespace pellucid::answering
