#include "engine/backend/check_batch.h"

#include <string>
#include <vector>

#include "engine/model/part.h"

namespace pellucid {
namespace {

std::string text(std::int64_t value) {
    return std::to_string(value);
}

Failure bad(std::string what) {
    return fail(ErrorCode::invalid_argument, "batch: " + std::move(what), "this is a fault of the caller");
}

bool page_ok(PageId page, const RunnerOptions& options) {
    return page >= 0 && page < options.pages;
}

Result<void> check_token(TokenId id, const std::string& name, const ModelSpec& spec) {
    if (id >= 0 && id < spec.vocabulary) return {};
    return fail(
        ErrorCode::invalid_argument,
        name + " holds token id " + text(id) + ", but the vocabulary has " + text(spec.vocabulary) + " ids",
        "check that the token ids were made by this model's tokenizer");
}

Result<void> check_hidden(const std::vector<float>& hidden, const std::string& name, const ModelSpec& spec) {
    if (hidden.size() == static_cast<std::size_t>(spec.n_embd)) return {};
    return bad(name + " holds " + text(static_cast<std::int64_t>(hidden.size())) + " hidden values, not " +
               text(spec.n_embd));
}

/// Hidden vectors behind the first half layer, or where the embedding is elsewhere.
Result<void> check_hidden_input(const Row& row, const std::string& name, const ModelSpec& spec) {
    const auto* hidden = std::get_if<std::vector<float>>(&row.input);
    if (!hidden) return bad(name + " has no hidden state, but the step begins behind the embedding");
    return check_hidden(*hidden, name, spec);
}

Result<void> check_input(const Row& row, const std::string& name, const ModelSpec& spec, int previous_rows) {
    const auto* next = std::get_if<NextTokenRow>(&row.input);
    if (spec.next_input.present() != (next != nullptr))
        return bad(name + (next ? " is of a multi-token-prediction layer, which this model is not"
                                : " has no hidden state beside its token, as this layer needs"));
    if (next) {
        PELLUCID_CHECK(check_token(next->id, name, spec));
        PELLUCID_CHECK(check_hidden(next->hidden, name, spec));
    } else if (const auto* id = std::get_if<TokenId>(&row.input)) {
        PELLUCID_CHECK(check_token(*id, name, spec));
    } else if (const auto* hidden = std::get_if<std::vector<float>>(&row.input)) {
        PELLUCID_CHECK(check_hidden(*hidden, name, spec));
    } else {
        const int from = std::get<SampledBy>(row.input).row;
        if (from < 0 || from >= previous_rows)
            return bad(name + " takes the id sampled by row " + text(from) + " of a step with " +
                       text(previous_rows) + " rows");
    }
    return {};
}

bool wants_head(RowOutput output) {
    return output == RowOutput::logits || output == RowOutput::sample ||
           output == RowOutput::logits_and_hidden;
}

Result<void> check_range(const HalfRange& range, const ModelSpec& spec) {
    if (range.begin < 0 || range.begin > range.end || range.end > 2 * spec.n_layers())
        return bad("half layers " + text(range.begin) + " to " + text(range.end) + " of " +
                   text(2 * spec.n_layers()));
    for (int half = range.begin; half < range.end; ++half)
        if (!has_half(spec, half)) return bad("half layer " + text(half) + " is not on this runner");
    return {};
}

Result<void> check_rows(const Batch& batch, const RunnerOptions& options, const ModelSpec& spec,
                        int previous_rows) {
    const HalfRange range = half_range(batch, spec);
    const bool embeds = range.begin == 0 && !spec.embedding.empty();
    const bool heads = range.end == 2 * spec.n_layers() && spec.head.present();
    std::vector<int> next(batch.sequences.size(), -1);  // position the next row of a sequence must have
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const Row& row = batch.rows[r];
        const std::string name = "row " + std::to_string(r);
        if (row.sequence < 0 || static_cast<std::size_t>(row.sequence) >= batch.sequences.size())
            return bad(name + " belongs to sequence " + text(row.sequence) + " of " +
                       std::to_string(batch.sequences.size()));
        const std::size_t s = static_cast<std::size_t>(row.sequence);
        const BatchSequence& sequence = batch.sequences[s];
        const bool continues = r > 0 && batch.rows[r - 1].sequence == row.sequence;
        if (next[s] >= 0 && !continues)
            return bad(name + ": the rows of sequence " + text(row.sequence) + " are not consecutive");
        const int expected = next[s] < 0 ? sequence.length : next[s];
        if (row.position != expected)
            return bad(name + " has position " + text(row.position) + " where sequence " +
                       text(row.sequence) + " continues at " + text(expected));
        next[s] = row.position + 1;
        if (static_cast<std::size_t>(row.position / options.page_tokens) >= sequence.pages.size())
            return fail(ErrorCode::context_overflow,
                        "batch: " + name + " at position " + text(row.position) + " has no page (" +
                            std::to_string(sequence.pages.size()) + " pages of " + text(options.page_tokens) +
                            ")",
                        "allocate pages before the step, or shorten the context");
        PELLUCID_CHECK(embeds ? check_input(row, name, spec, previous_rows)
                              : check_hidden_input(row, name, spec));
        if (!heads && wants_head(row.output))
            return bad(name + " wants logits of a step that ends before the head");
        if (row.output == RowOutput::sample &&
            (row.sample < 0 || static_cast<std::size_t>(row.sample) >= batch.samples.size()))
            return bad(name + " samples with specification " + text(row.sample) + " of " +
                       std::to_string(batch.samples.size()));
    }
    return {};
}

/// Two sequences may read one page, but a page written in this step has one owner.
Result<void> check_owners(const Batch& batch, const RunnerOptions& options) {
    constexpr int nobody = -1;
    std::vector<int> writer(static_cast<std::size_t>(options.pages), nobody);
    for (const Row& row : batch.rows) {
        const auto& pages = batch.sequences[static_cast<std::size_t>(row.sequence)].pages;
        const PageId page = pages[static_cast<std::size_t>(row.position / options.page_tokens)];
        int& owner = writer[static_cast<std::size_t>(page)];
        if (owner != nobody && owner != row.sequence)
            return bad("page " + text(page) + " is written by sequences " + text(owner) + " and " +
                       text(row.sequence));
        owner = row.sequence;
    }
    for (std::size_t s = 0; s < batch.sequences.size(); ++s)
        for (PageId page : batch.sequences[s].pages) {
            const int owner = writer[static_cast<std::size_t>(page)];
            if (owner != nobody && owner != static_cast<int>(s))
                return bad("page " + text(page) + " is written by sequence " + text(owner) +
                           " and read by sequence " + std::to_string(s));
        }
    return {};
}

}  // namespace

HalfRange half_range(const Batch& batch, const ModelSpec& spec) {
    return {batch.begin_half, batch.end_half < 0 ? 2 * spec.n_layers() : batch.end_half};
}

Result<void> check_batch(const Batch& batch, const RunnerOptions& options, const ModelSpec& spec,
                         int previous_rows) {
    if (batch.rows.size() > static_cast<std::size_t>(options.max_batch_rows))
        return bad(std::to_string(batch.rows.size()) + " rows, the runner was made for " +
                   text(options.max_batch_rows));
    if (batch.sequences.size() > static_cast<std::size_t>(options.max_sequences))
        return bad(std::to_string(batch.sequences.size()) + " sequences, the runner was made for " +
                   text(options.max_sequences));
    PELLUCID_CHECK(check_range(half_range(batch, spec), spec));
    std::vector<int> listed_by(static_cast<std::size_t>(options.pages), -1);
    for (std::size_t s = 0; s < batch.sequences.size(); ++s) {
        const BatchSequence& sequence = batch.sequences[s];
        const std::string name = "sequence " + std::to_string(s);
        for (PageId page : sequence.pages) {
            if (!page_ok(page, options))
                return bad(name + " lists page " + text(page) + " of " + text(options.pages));
            int& lister = listed_by[static_cast<std::size_t>(page)];
            if (lister == static_cast<int>(s)) return bad(name + " lists page " + text(page) + " twice");
            lister = static_cast<int>(s);
        }
        const std::size_t stored_pages =
            sequence.length <= 0 ? 0
                                 : static_cast<std::size_t>((sequence.length - 1) / options.page_tokens + 1);
        if (sequence.length < 0 || stored_pages > sequence.pages.size())
            return bad(name + " has length " + text(sequence.length) + " but " +
                       std::to_string(sequence.pages.size()) + " pages of " + text(options.page_tokens));
    }
    for (const PageCopy& copy : batch.copies)
        if (!page_ok(copy.from, options) || !page_ok(copy.to, options) || copy.tokens < 0 ||
            copy.tokens > options.page_tokens)
            return bad("copy of " + text(copy.tokens) + " positions from page " + text(copy.from) + " to " +
                       text(copy.to) + " of " + text(options.pages));
    PELLUCID_CHECK(check_rows(batch, options, spec, previous_rows));
    return check_owners(batch, options);
}

}  // namespace pellucid
