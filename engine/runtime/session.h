// The seam between the app and the engine: request in, reply out. The in-process engine, the MockEngine and,
// later, a remote server stand behind these interfaces. Nothing here knows Qt, files' formats or a backend.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/memory/memory_plan.h"
#include "engine/sampling/spec.h"
#include "engine/speculation/settings.h"
#include "engine/text/tokenizer.h"

namespace pellucid {

// ---- what is asked ----

enum class Role { system, user, assistant, tool };

struct ToolCall {
    std::string id, name;
    std::string arguments_json;
};

/// One turn. A thought travels apart from the answer and is given to the template only where the template
/// reads it.
struct ChatMessage {
    Role role = Role::user;
    std::string content;
    std::string thought;
    std::vector<ToolCall> tool_calls;
    std::string tool_call_id;
};

struct Conversation {
    std::vector<ChatMessage> messages;
    nlohmann::ordered_json tools;  ///< JSON array of tool declarations, or null
    /// When set, the last message is an assistant turn that was interrupted: the reply goes on where it
    /// stopped, inside the thought or inside the answer.
    bool continue_last = false;
};

enum class ThinkingMode { automatic, always, never };

struct ThinkingPolicy {
    ThinkingMode mode = ThinkingMode::automatic;
    std::optional<int> budget_tokens;  ///< a thought longer than this is ended and the model answers
};

/// An adapter (LoRA): a GGUF file or a PEFT folder, and how much of it is added.
struct AdapterStrength {
    std::string path;
    float strength = 1;
};

struct Request {
    /// A chat, text to be completed as it stands, or token ids to be continued as they stand.
    std::variant<Conversation, std::string, std::vector<TokenId>> input;
    SamplingSpec sampling;
    ThinkingPolicy thinking;
    int max_tokens = -1;  ///< -1: until the model ends or the context is full
    std::vector<std::string>
        stop;                  ///< end the reply where one appears in the answer (a thought is not looked at)
    int top_alternatives = 0;  ///< alternatives reported with each token, 0 to 20
    bool ignore_end = false;   ///< go on past the model's end-of-reply tokens (measurements only)
    /// Adapters at work in this reply; nothing: those of ModelOptions. Read once, then free to change.
    std::optional<std::vector<AdapterStrength>> adapters;
};

// ---- what it will cost ----

/// What each part of the prompt costs, before anything is generated.
struct Ledger {
    struct Entry {
        enum class Kind { message, tools, template_text } kind = Kind::message;
        int message_index = -1;  ///< into Conversation::messages
        int tokens = 0;
    };
    std::vector<Entry> entries;
    std::vector<TokenId> tokens;  ///< the whole prompt
    std::string rendered;         ///< as text, so that a person can read what is really sent
    int cached_tokens = 0;        ///< prefix already in the KV cache
    int context_length = 0;
    int reply_room = 0;              ///< context_length - tokens.size(); <= 0 means it does not fit
    bool starts_in_thought = false;  ///< the rendered prompt leaves the model inside a thought
    bool thinking_supported = false;
};

// ---- what comes back ----

struct Alternative {
    TokenId id = 0;
    std::string text;  ///< may be part of a character; shown escaped
    float logprob = 0;
};

struct TokenInfo {
    TokenId id = 0;
    float logprob = 0;  ///< natural log, of the distribution before sampling filters
    float entropy = 0;  ///< nats, of the same distribution
    std::vector<Alternative> alternatives;
};

/// Progress of prompt processing. Sent at least once before the first delta when the prompt takes longer than
/// 100 ms.
struct PromptProgress {
    int done_tokens = 0, total_tokens = 0, cached_tokens = 0;
};

/// A piece of the reply. Text is whole UTF-8 and never half a character. Concatenating the deltas of one
/// channel gives exactly the text of that channel.
struct Delta {
    enum class Channel { thought, answer, tool_call } channel = Channel::answer;
    std::string text;
    std::vector<TokenInfo> tokens;
};

enum class FinishReason { end_of_turn, stop_string, length, context_full, cancelled, failed };

struct Timings {
    int prompt_tokens = 0, cached_tokens = 0, thought_tokens = 0, answer_tokens = 0;
    double prompt_seconds = 0;    ///< from submit to the first sampled token
    double generate_seconds = 0;  ///< from the first sampled token to the last
    double thought_seconds = 0;
    /// Tokens that speculation guessed and the model checked, and those of them that it would have said too.
    int drafted_tokens = 0, accepted_tokens = 0;
    double acceptance() const { return drafted_tokens > 0 ? double(accepted_tokens) / drafted_tokens : 0; }
    double tokens_per_second() const {
        const int n = thought_tokens + answer_tokens;
        return n > 1 && generate_seconds > 0 ? (n - 1) / generate_seconds : 0;
    }
};

struct Finish {
    FinishReason reason = FinishReason::end_of_turn;
    Timings timings;
    bool thought_closed = true;   ///< false: the reply ended inside its thought
    bool answered_early = false;  ///< the thought was ended by the person or by its budget
    std::vector<ToolCall> tool_calls;
    std::optional<Error> error;  ///< with FinishReason::failed
};

using ReplyEvent = std::variant<PromptProgress, Delta, Finish>;

// ---- control of a running reply ----

struct Cancel {};
struct Pause {};
struct Resume {};
struct EndThought {};  ///< "answer now"
struct Inject {
    std::string text;
};  ///< a hint, inserted at the next sentence boundary
struct SetBudget {
    std::optional<int> tokens;
};
struct Rewind {
    int position = 0;
};  ///< back to this token of the reply
using Control = std::variant<Cancel, Pause, Resume, EndThought, Inject, SetBudget, Rewind>;

/// A running reply. Events are queued; reading never blocks the engine. Thread safe. Destroying it cancels.
class Reply {
public:
    virtual ~Reply() = default;
    /// The next event; waits up to `timeout`. nullopt: nothing came in time, or Finish was already taken.
    virtual std::optional<ReplyEvent> next(std::chrono::milliseconds timeout) = 0;
    /// Everything queued so far, without waiting.
    virtual std::vector<ReplyEvent> drain() = 0;
    /// Called from an engine thread when the queue goes from empty to not empty. Must return at once.
    virtual void on_ready(std::function<void()> wake) = 0;
    /// Takes effect within one token. unsupported where Capabilities says so; invalid_argument after the end.
    virtual Result<void> control(const Control& control) = 0;
};

// ---- sessions, models, engines ----

/// What a session can do. The UI shows only what is there.
struct Capabilities {
    bool chat = false;             ///< has a chat template; otherwise only plain completion
    bool thinking = false;         ///< the model can think in a separate channel
    bool thinking_switch = false;  ///< the template lets thinking be turned on and off
    bool tools = false;
    bool end_thought = false, pause = false, inject = false, set_budget = false, rewind = false, fork = false;
    bool alternatives = false;
};

/// One conversation's place in the engine: keeps the KV cache of what it has seen, so that a later request
/// with the same beginning costs only its new part. One reply at a time: a second generate() while one runs
/// is busy.
class Session {
public:
    virtual ~Session() = default;
    /// Renders, tokenises and counts; generates nothing.
    virtual Result<Ledger> plan(const Request& request) = 0;
    /// context_overflow (with the numbers) when the prompt leaves no room for a reply.
    virtual Result<std::shared_ptr<Reply>> generate(const Request& request) = 0;
    virtual const Capabilities& capabilities() const = 0;
};

struct ModelInfo {
    std::string path, name, architecture, quantization;  ///< e.g. "llama", "Q4_K_M"
    std::uint64_t parameters = 0, active_parameters = 0, file_bytes = 0;
    int trained_context = 0, layers = 0, vocabulary = 0;
    std::string digest;  ///< of header and tensor directory; the file's SHA-256 is the library's business
    std::string device;  ///< path chosen, e.g. "cpu: AVX-512 VNNI, 2 threads"; of several, what each has
    SamplingSpec recommended_sampling;
    std::vector<std::string> notices;  ///< what came with the model and is not used, a sentence each
};

struct ModelOptions {
    std::string device = "cpu";  ///< reference | cpu | cuda[:N] | vulkan[:N]
    /// Layers elsewhere than on `device`: "auto", "whole", or as parse_placement() reads it. Of an open model:
    /// what is in force.
    std::string placement = "auto";
    int threads = 0;             ///< 0: chosen from the machine
    int context_length = 0;      ///< 0: the smaller of trained context and what memory allows
    std::string kv_format = "f16";
    bool deterministic = false;
    /// Quantised weights meet activations of 16 bits, not 8: slower, and several times nearer to the reference.
    bool fine = false;
    SpeculationSettings speculation;  ///< changes how fast replies come, never what they say
    std::vector<AdapterStrength> adapters;  ///< of requests that name none
};

/// A loaded model. Sessions keep it alive. Thread safe.
class Model {
public:
    virtual ~Model() = default;
    virtual const ModelInfo& info() const = 0;
    virtual const ModelOptions& options() const = 0;
    virtual const MemoryPlan& memory() const = 0;
    virtual const Capabilities& capabilities() const = 0;
    /// Null for an engine that has none (a remote server).
    virtual const Tokenizer* tokenizer() const = 0;
    virtual Result<std::unique_ptr<Session>> new_session() = 0;
};

using LoadProgress = std::function<void(double fraction, const std::string& what)>;

/// Opens models. One per process, built by the composition root; two models may be open at once.
class Engine {
public:
    virtual ~Engine() = default;
    /// Reads only the header. corrupt, unsupported, not_found.
    virtual Result<MemoryPlan> plan(const std::string& path, const ModelOptions& options) = 0;
    virtual Result<ModelInfo> inspect(const std::string& path) = 0;
    /// out_of_memory with the numbers, before allocating, when it does not fit.
    virtual Result<std::shared_ptr<Model>> open(const std::string& path, const ModelOptions& options,
                                                LoadProgress progress = {}, CancelToken cancel = {}) = 0;
    /// Devices that a model can be opened on, the default first: {"cpu", "AMD EPYC, AVX-512 VNNI, 2 cores"} …
    struct Device {
        std::string id, description;
        std::uint64_t memory_total = 0, memory_available = 0;
    };
    virtual std::vector<Device> devices() = 0;
};

}  // namespace pellucid
