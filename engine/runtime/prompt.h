// From a Request to the tokens that a model is given, with what each part costs.
#pragma once

#include <span>

#include "engine/runtime/session.h"
#include "engine/segment/thought_format.h"
#include "engine/text/chat_template.h"

namespace pellucid {

/// What a prompt is made with. Pointers may be null: a model file can lack a tokenizer or a template.
struct PromptMaker {
    const Tokenizer* tokenizer = nullptr;
    const ChatTemplate* chat_template = nullptr;
    ThoughtFormat format;
    int context_length = 0;
    int vocabulary = 0;
    std::optional<Error> tokenizer_error, template_error;  ///< why one that the file holds could not be used
};

struct Prompt {
    Ledger ledger;  ///< cached_tokens is left 0: only the session knows its cache
    ReplyStart start = ReplyStart::answer;
    int thought_tokens_before = 0;  ///< of the turn that is continued; they count against the budget
};

/// Errors: unsupported (no tokenizer or no template for what is asked), template_failed, invalid_argument (an
/// empty prompt, ids outside the vocabulary, nothing to continue). A prompt that is too long is not an error
/// here: the ledger's reply_room says so.
Result<Prompt> make_prompt(const PromptMaker& maker, const Request& request);

/// context_overflow with the numbers, when the ledger leaves no room for a reply.
Result<void> check_room(const Ledger& ledger);

/// The Hugging Face shape of messages, as templates read it.
nlohmann::ordered_json to_template_messages(std::span<const ChatMessage> messages);

}  // namespace pellucid
