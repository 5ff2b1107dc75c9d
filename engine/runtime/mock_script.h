// What a MockEngine says and how fast: models, each with scripted replies. Built in code or read from JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/session.h"

namespace pellucid {

/// One scripted reply. Its text is streamed in pieces of about a token (whole characters, words split at
/// spaces).
struct MockReplyScript {
    std::string when;     ///< taken for a last user message that contains this text; "": taken in turn
    std::string thought;  ///< "": does not think
    std::string answer;
    std::vector<ToolCall> tool_calls;
    double tokens_per_second = 60;  ///< of the scripted clock; <= 0: as fast as the machine can
    double prompt_seconds = 0.25;   ///< prompt processing before the first token, reported in ten steps
    FinishReason reason = FinishReason::end_of_turn;
    std::optional<Error> failure;  ///< ends the reply with FinishReason::failed …
    int fail_after_tokens = 0;     ///< … after so many tokens
    bool hang = false;             ///< says nothing after its prompt until it is cancelled
};

struct MockModelScript {
    ModelInfo info;             ///< info.path is what open() is asked for; "": answers any path
    Capabilities capabilities;  ///< inject, rewind and fork are refused whatever this says
    MemoryPlan memory;
    int context_length = 8192;
    double load_seconds = 0.5;  ///< progress is reported in twenty steps
    std::optional<Error> open_failure;
    double open_failure_at = 0;  ///< fraction of the load after which it fails
    std::vector<MockReplyScript> replies;
};

struct MockScript {
    std::vector<MockModelScript> models;
    std::vector<Engine::Device> devices;
};

/// A model that thinks, answers, can be paused and told to answer now; 8 GiB machine, plausible numbers. With
/// no replies of its own it says a few paragraphs of Markdown.
MockModelScript mock_model();

/// A script from JSON. Every field of the structs above by its own name, all optional, e.g.
/// {"models": [{"name": "Demo", "context_length": 4096, "replies": [{"thought": "…", "answer": "…",
///  "tokens_per_second": 80, "failure": {"code": "device_lost", "what": "…", "hint": "…"},
///  "fail_after_tokens": 40}]}]}
/// invalid_argument names the field that is unknown or of the wrong kind.
Result<MockScript> parse_mock_script(std::string_view json);

/// The pieces that scripted text is streamed in: whole characters, at most 8 bytes, a leading space stays
/// with its word.
std::vector<std::string_view> mock_tokens(std::string_view text);

}  // namespace pellucid
