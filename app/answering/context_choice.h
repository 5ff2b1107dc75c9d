// Whether a model reads a whole document or the passages that were found: a decision with its reason, which a
// person sees and can change.
#pragma once

#include <optional>
#include <string>

namespace pellucid::answering {

enum class ContextWay { whole, passages };

enum class ContextReason {
    fits,             ///< whole: everything fits into the room for documents
    too_long,         ///< passages: it does not fit
    too_slow,         ///< passages: it fits, but reading it would take longer than a person waits
    several,          ///< passages: a collection, of which nobody wants everything read
    chosen,           ///< as the person wanted
    chosen_too_long,  ///< passages, though the person wanted the whole: it does not fit
};

struct ContextFacts {
    int documents = 1;
    int document_tokens = 0;  ///< of all texts, with what stands around them in the prompt
    int context_length = 0;
    int other_tokens = 0;  ///< system prompt, earlier turns, the question and its instructions
    int reply_tokens = 0;  ///< kept free for thought and answer
    /// Tokens of prompt a second on this machine; 0: not known, then time is no reason.
    double prompt_speed = 0;
    double patience_seconds = 60;
};

struct ContextChoice {
    ContextWay way = ContextWay::passages;
    ContextReason reason = ContextReason::too_long;
    int document_tokens = 0;
    int room = 0;               ///< tokens that documents may take
    double seconds = 0;         ///< to read everything; 0: not known
    bool can_be_whole = false;  ///< the person may choose the whole instead
};

/// `wanted`: what the person chose; it is kept to where it is possible at all.
ContextChoice choose_context(const ContextFacts& facts, std::optional<ContextWay> wanted = {});

/// One English sentence with the numbers, for the command line and the log.
std::string explain(const ContextChoice& choice);

}  // namespace pellucid::answering
