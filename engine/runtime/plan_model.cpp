#include "engine/runtime/plan_model.h"

#include <algorithm>
#include <bit>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/adapter.h"

namespace pellucid {

namespace {

Result<KvFormat> kv_format(const std::string& name) {
    if (const auto format = find_kv_format(name)) return *format;
    return fail(ErrorCode::unsupported, "KV format \"" + name + "\" is not in this version",
                "use f16, f32, q8, fp8, q4 or q3");
}

/// Replies that may run at once. They share the pages of one full context.
constexpr int kMostReplies = 8;

/// What the options' adapters take: their matrices, and the two products of a step's rows with one of them.
Result<DeviceMemory> adapter_memory(const ModelOptions& options, int rows) {
    DeviceMemory memory;
    std::int64_t widest = 0, highest = 0;
    std::set<std::string> seen;
    for (const AdapterStrength& adapter : options.adapters) {
        if (!seen.insert(adapter.path).second) continue;
        PELLUCID_TRY(const AdapterSize size, measure_adapter(adapter.path));
        memory.weights += size.bytes;
        widest = std::max(widest, size.widest);
        highest = std::max(highest, size.highest);
    }
    memory.scratch =
        static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(widest + highest) * sizeof(float);
    return memory;
}

/// What a string or array of metadata takes beyond its own object (libstdc++ keeps 15 characters inside).
std::uint64_t heap_bytes(const std::string& text) {
    return text.size() > 15 ? (text.size() + 1 + 8 + 15) / 16 * 16 : 0;
}

/// Of the words a model is opened with: its header's metadata, which stays, and the tokenizer made of it.
/// Measured to a tenth with vocabularies of 49,000 to 262,000 tokens (tests/bench/RESULTS.md).
std::uint64_t text_memory(const Metadata& metadata) {
    constexpr std::uint64_t piece_of_sentencepiece = 200;  // the library's own tables, for each piece
    std::uint64_t bytes = 0;
    for (const auto& [key, value] : metadata.all()) {
        if (const auto* strings = std::get_if<std::vector<std::string>>(&value.data)) {
            bytes += strings->size() * sizeof(std::string);
            for (const std::string& text : *strings) bytes += heap_bytes(text);
        } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value.data)) {
            bytes += integers->size() * sizeof(std::int64_t);
        } else if (const auto* numbers = std::get_if<std::vector<double>>(&value.data)) {
            bytes += numbers->size() * sizeof(double);
        }
    }
    const auto tokens = metadata.strings("tokenizer.ggml.tokens");
    if (!tokens) return bytes;
    const auto table = [](std::size_t entries) {
        return std::bit_ceil(std::max<std::uint64_t>(2 * entries, 16));
    };
    for (const std::string& text : **tokens) bytes += text.size();
    bytes += (*tokens)->size() * (sizeof(std::uint32_t) + 1) + table((*tokens)->size()) * sizeof(TokenId);
    if (const auto merges = metadata.strings("tokenizer.ggml.merges"))
        bytes += table((*merges)->size()) * 16;  // a pair of tokens, its rank and its result
    else if (metadata.contains("tokenizer.ggml.scores"))
        bytes += (*tokens)->size() * piece_of_sentencepiece;
    return bytes;
}

}  // namespace

Result<RunnerPlan> plan_model(const ModelFile& file, const Backend& backend, const ModelOptions& options) {
    PlanRequest request;
    request.max_batch_rows = backend.step_rows(*file.spec);
    request.context = options.context_length;
    PELLUCID_TRY(request.kv_format, kv_format(options.kv_format));
    PELLUCID_TRY(request.beside, adapter_memory(options, request.max_batch_rows));
    if (backend.in_host_memory())  // a card's plan counts the card's memory
        request.beside.scratch += text_memory(*file.metadata);
    // A step's results hold the logits of every guess beside those that the device counts.
    request.beside.scratch += static_cast<std::uint64_t>(options.speculation.most_guesses()) * kMostReplies *
                              static_cast<std::uint64_t>(file.spec->vocabulary) * sizeof(float);
    PELLUCID_TRY(RunnerPlan plan, plan_runner(backend, *file.spec, *file.weights, request));
    plan.options.max_sequences = kMostReplies;
    plan.memory = measure(backend, *file.spec, *file.weights, plan.options, plan.beside);
    return plan;
}

}  // namespace pellucid
