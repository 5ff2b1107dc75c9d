// A question to the document library, up to what the model is given: rewritten, searched for, the whole or
// passages, the prompt. What follows is answering::AnswerStream.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/answering/context_choice.h"
#include "app/answering/document_prompt.h"
#include "app/answering/question_rewriter.h"
#include "app/asking/library_passages.h"

namespace pellucid::asking {

struct AskSettings {
    documents::DocumentFilter scope;
    std::optional<answering::ContextWay> way;  ///< nothing: chosen (answering::choose_context)
    int passages = 6;                          ///< searched for, at most
    int passage_tokens = 400;
    int reply_tokens = 768;   ///< kept free for thought and answer
    int other_tokens = 64;    ///< system prompt, earlier turns, the template
    double prompt_speed = 0;  ///< tokens a second; 0: not known
    bool only_near = true;    ///< what has little to do with the question is left out
    answering::RewriteSettings rewrite;
};

/// A passage that the search gave, whether the model is given it or not.
struct Candidate {
    documents::FoundPassage found;
    answering::Passage passage;
    bool near = true;                   ///< worth reading; false: left out
    std::optional<std::size_t> placed;  ///< index into DocumentPrompt::placed
};

struct PreparedQuestion {
    answering::RewrittenQuestion question;
    std::vector<std::string> queries;  ///< what was searched for
    answering::ContextChoice choice;
    answering::DocumentPrompt prompt;  ///< no passages: nothing near was found
    std::vector<std::string> why;  ///< of each placed passage: "words #1 (…)"; empty where the whole is read
    std::vector<Candidate>
        candidates;    ///< in the order in which they were found; none where the whole is read
    std::string note;  ///< of the search: "no embedding model: found by words alone"

    bool nothing_found() const { return prompt.placed.empty(); }
};

/// `rewriter`: a session of its own to ask; null: the question is searched for as it stands. Errors: those of
/// the search; context_overflow where the model's context holds not even the question; cancelled.
Result<PreparedQuestion> prepare_question(std::string_view question, std::span<const answering::Turn> history,
                                          documents::DocumentLibrary& library, const Model& model,
                                          Session* rewriter, const AskSettings& settings,
                                          CancelToken cancel = {});

}  // namespace pellucid::asking
