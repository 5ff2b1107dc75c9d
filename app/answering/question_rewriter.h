// A question as it is searched for: made to stand alone, and taken apart where it asks for several things.
//
// "And in winter?" finds nothing by itself. A model that has read the last turns says what is meant; a small
// budget of tokens bounds what that costs, and whenever it does not help, the question itself is searched
// for.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/answering/document_prompt.h"
#include "engine/base/cancel.h"
#include "engine/runtime/session.h"

namespace pellucid::answering {

struct Turn {
    std::string question, answer;
};

struct RewriteSettings {
    int max_tokens = 96;       ///< of the model's reply
    int history_tokens = 600;  ///< of the turns that it is shown, newest first
    int most_parts = 3;
    std::chrono::milliseconds patience{20000};
};

enum class RewriteReason {
    rewritten,
    stands_alone,  ///< nothing in it refers to what was said before
    no_history,
    failed,   ///< the model could not be asked: busy, out of context, too slow
    refused,  ///< what it said was no question of use (empty, an answer, something else entirely)
};

struct RewrittenQuestion {
    std::string question;  ///< to be searched for; the person's own where not rewritten
    std::vector<std::string>
        parts;  ///< of a question for several things: each searched for as well; else empty
    RewriteReason reason = RewriteReason::stands_alone;
    int tokens = 0;  ///< that the model wrote
};

/// The question leans on what was said before: a pronoun, "and …?", a few words only; 它, 那个, ……呢.
bool leans_on_history(std::string_view question);
/// The questions in a question for several things ("What is A, and how does it differ from B?"), by its signs
/// alone; empty for one that asks one thing.
std::vector<std::string> parts_of(std::string_view question, int most = 3);

/// What a model is asked. Typed messages; the instruction in the question's language.
Conversation rewrite_request(std::string_view question, std::span<const Turn> history,
                             const RewriteSettings& settings, const TokenCounter& count);
/// What its reply gives; empty: of no use.
std::string read_rewrite(std::string_view reply, std::string_view question, std::span<const Turn> history);

/// Never fails: see RewrittenQuestion::reason. `session` is one of its own, not the chat's, whose cache
/// stays.
RewrittenQuestion rewrite_question(std::string_view question, std::span<const Turn> history, Session& session,
                                   const TokenCounter& count, const RewriteSettings& settings = {},
                                   CancelToken cancel = {});

/// Where passages come from; nearest first.
using FindPassages = std::function<Result<std::vector<Passage>>(const std::string& query, int limit)>;

struct Gathered {
    std::vector<Passage> passages;     ///< nearest first, each chunk once
    std::vector<std::string> queries;  ///< in the order in which they were asked
};

/// The question, its parts, and once more with what the first passages name that the question does not
/// ("retrieve again"): the ranks fused by reciprocal rank. Errors of `find` for the question itself only.
Result<Gathered> gather_passages(const RewrittenQuestion& question, const FindPassages& find, int limit);

}  // namespace pellucid::answering
