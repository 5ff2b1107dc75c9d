// Text of documents is data, whatever it says. Here it is made safe to put into a prompt, and what tries to
// speak to the model is found and told.
//
// Two things of different strength: neutralise() takes away the means (a chat template's control tokens, our
// own fences, invisible characters) and always works; find_flags() recognises sentences that give orders to
// a model, which is a matter of wording and only ever a hint to the person.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/passage.h"

namespace pellucid::answering {

enum class FlagKind {
    instruction,  ///< a sentence that gives orders to the model
    hidden_text,  ///< characters that a person does not see (tags, direction overrides, zero widths in words)
    role_marker,  ///< imitates a turn of a conversation ("System:", "### Instruction")
    special_token,  ///< spells a control token of a chat template
    fence,          ///< imitates the marks that this program puts around passages
};

/// Something in a document that a person should know of. Spans are bytes of the text that was looked at.
struct Flag {
    FlagKind kind = FlagKind::instruction;
    Span span;
    std::string words;  ///< what stands there, shortened; hidden tag characters as the letters they spell

    bool operator==(const Flag&) const = default;
};

/// True for text that the model at hand reads as one control token. Empty: the known families' spellings.
using IsSpecial = std::function<bool(std::string_view)>;

/// Everything found, in the order of the text; flags of different kinds may overlap. Any bytes.
std::vector<Flag> find_flags(std::string_view text, const IsSpecial& is_special = {});

/// The same text for a prompt: control tokens lose their angle brackets to look-alikes (‹ ›) that no
/// tokenizer folds back, imitated fences their square ones, invisible characters are left out, ill-formed
/// bytes become U+FFFD. A reference of the document's own ("as shown [12]") gets round brackets, so that it
/// is not taken for a citation when the model repeats it. Other ordinary text comes back unchanged.
std::string neutralise(std::string_view text, const IsSpecial& is_special = {});

/// What stands between square brackets is one of the marks that this program puts around passages ("file
/// content begin", "passage 3 end"), in any case and with any blanks.
bool is_prompt_mark(std::string_view inside);

/// "gives orders to the model", for a person (English; the window has its own words).
std::string_view to_string(FlagKind kind);

}  // namespace pellucid::answering
