// One step's work: rows of tokens from several sequences, and what is wanted of each row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/token.h"

namespace pellucid {

using PageId = std::int32_t;
using SequenceIndex = std::int32_t;  ///< into Batch::sequences

using AdapterId = std::int32_t;  ///< of Runner::load_adapter

/// An adapter at work: what it adds is multiplied by `strength`.
struct AdapterUse {
    AdapterId id = 0;
    float strength = 1;
    bool operator==(const AdapterUse&) const = default;
};

/// A sequence as a step sees it. The pages are physical pages of the runner; page p holds positions
/// [p * page_tokens, (p+1) * page_tokens). Pages for every position written in this step are listed.
struct BatchSequence {
    std::int64_t id = 0;  ///< stable across steps: keys per-sequence device state
    std::vector<PageId> pages;
    int length = 0;                    ///< positions stored before this step
    std::vector<AdapterUse> adapters;  ///< of all its rows; the same in every step of the sequence
};

/// A page copied before the step (copy on write after a fork). Only the first `tokens` positions matter.
struct PageCopy {
    PageId from = 0, to = 0;
    int tokens = 0;
};

/// A row's input: a token id, a hidden vector (f32 [n_embd]: the residual stream at the cut where the step
/// begins), or the id that row r of the previous step sampled (stays on the device).
struct SampledBy {
    int row = 0;
};
/// Of a multi-token-prediction layer: what the model left at the row's position, and the token after it.
struct NextTokenRow {
    TokenId id = 0;
    std::vector<float> hidden;  ///< f32 [n_embd], as RowOutput::hidden gives it
};
using RowInput = std::variant<TokenId, std::vector<float>, SampledBy, NextTokenRow>;

/// hidden: the residual stream behind the last half layer that the step runs, before the head's norm.
enum class RowOutput { nothing, logits, hidden, sample, logits_and_hidden };

/// Sampling on the device. Host samplers ask for logits instead.
struct SampleSpec {
    float temperature = 0;  ///< 0: greedy
    int top_k = 0;
    float top_p = 1, min_p = 0;
    std::uint64_t seed = 0;  ///< counter-based: keyed (seed, position)
    int top_alternatives = 0;
};

struct Row {
    SequenceIndex sequence = 0;
    int position = 0;  ///< absolute; also where its keys and values are stored
    RowInput input;
    RowOutput output = RowOutput::nothing;
    int sample = -1;  ///< into Batch::samples, with RowOutput::sample
};

struct Batch {
    std::vector<BatchSequence> sequences;
    std::vector<Row> rows;  ///< rows of one sequence are consecutive, positions ascending
    std::vector<PageCopy> copies;
    std::vector<SampleSpec> samples;
    /// Half layers run: 2*l is layer l's attention, 2*l+1 its feed-forward. Steps that begin behind the first
    /// take hidden vectors; those that end before the last give nothing else. None at all: copies alone, or
    /// (at the end) the head alone.
    int begin_half = 0, end_half = -1;  ///< [begin, end); -1: to the end
};

using Ticket = std::uint64_t;

struct SampledToken {
    TokenId id = 0;
    float logprob = 0, entropy = 0;
    std::vector<std::pair<TokenId, float>> alternatives;  ///< id, log-probability; best first
};

struct RowResult {
    int row = 0;
    std::vector<float> values;  ///< logits f32 [vocab] or hidden f32 [n_embd]
    std::vector<float> hidden;  ///< f32 [n_embd], with RowOutput::logits_and_hidden
    std::optional<SampledToken> sampled;
};

struct StepResult {
    std::vector<RowResult> rows;  ///< only rows that asked for an output, in row order
};

}  // namespace pellucid
