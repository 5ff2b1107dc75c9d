// How a model family marks its thought off from its answer, found from its tokenizer and its chat template.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/token.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

enum class ThoughtFamily {
    none,     ///< everything is answer
    tags,     ///< <think>…</think>, [THINK]…[/THINK] and their like
    harmony,  ///< <|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…
              ///< (gpt-oss)
};

/// The marks that a segmenter looks for. With an id, only that token is the mark (its spelled-out text is
/// just text); without one, the text is looked for.
struct Mark {
    std::string text;
    std::optional<TokenId> id;
};

struct ThoughtFormat {
    ThoughtFamily family = ThoughtFamily::none;

    // tags
    Mark open, close;
    std::string after_open = "\n", before_close = "\n", after_close = "\n\n";  ///< how the template sets them

    // harmony
    enum HarmonyMark { start, channel, message, end, constrain, call, finish, harmony_marks };
    std::array<Mark, harmony_marks> harmony;

    /// What is put into the context to begin a thought, to end one and go on in the answer, and to begin an
    /// answer without a thought.
    std::string opening_text() const;
    std::string closing_text() const;
};

/// Tags count when the tokenizer holds both as single tokens or the template names the closing one. A tag is
/// matched as a token where the tokenizer has it as a control or user-defined token, else as text.
ThoughtFormat detect_thought_format(const Tokenizer& tokenizer, std::string_view template_source);

/// Learns how the template spaces its tags from a rendered assistant turn with this thought and this answer
/// in it. Leaves the format as it is where the sample does not show them (many templates drop old thoughts).
void learn_spacing(ThoughtFormat& format, std::string_view rendered, std::string_view thought,
                   std::string_view answer);

/// Where a reply begins.
enum class ReplyStart {
    open,     ///< nothing decided: the model may open a thought itself
    thought,  ///< the prompt left the model inside a thought
    answer,   ///< the prompt closed the thought, or the family has none
};

/// From the prompt as rendered, never from the output.
ReplyStart reply_start(const ThoughtFormat& format, std::string_view rendered_prompt);

/// True for a token that ends a reply of this format: the tokenizer's end-of-generation tokens, save
/// harmony's <|end|>, which ends a message only.
bool ends_reply(const ThoughtFormat& format, const Tokenizer& tokenizer, TokenId id);

}  // namespace pellucid
