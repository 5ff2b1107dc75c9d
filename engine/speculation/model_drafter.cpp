#include "engine/speculation/model_drafter.h"

#include <algorithm>

namespace pellucid {

ModelDrafter::~ModelDrafter() {
    if (state_) state_->publish();
}

Result<std::optional<std::vector<float>>> ModelDrafter::run(std::span<const TokenId> tokens, bool logits) {
    const auto length = static_cast<std::size_t>(state_->length());
    const auto fresh = tokens.subspan(length);
    if (!state_->reserve(static_cast<int>(fresh.size()))) return std::optional<std::vector<float>>();
    Batch batch;
    batch.sequences.push_back(state_->view());
    batch.copies = draft_->pool.take_copies();
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        Row row;
        row.position = static_cast<int>(length + i);
        row.input = fresh[i];
        if (logits && i + 1 == fresh.size()) row.output = RowOutput::logits;
        batch.rows.push_back(std::move(row));
    }
    PELLUCID_TRY(StepResult result, draft_->run(batch));
    state_->append(fresh);
    return std::optional(result.rows.empty() ? std::vector<float>() : std::move(result.rows.back().values));
}

Result<std::vector<TokenId>> ModelDrafter::propose(std::span<const TokenId> tokens, int most) {
    std::vector<TokenId> guesses;
    const auto unknown = [&](TokenId id) { return id >= draft_->vocabulary(); };  // of a longer, padded head
    if (tokens.empty() || static_cast<int>(tokens.size()) + most > draft_->context() ||
        std::ranges::any_of(tokens, unknown))
        return guesses;
    const auto before_last = tokens.first(tokens.size() - 1);
    if (!state_) {
        state_.emplace(draft_->pool, draft_->domain);
        state_->adopt_prefix(before_last);
    }
    state_->rollback(state_->common_prefix(before_last));
    const int missing = static_cast<int>(tokens.size()) - state_->length();
    if (const int chunk = draft_->runner->options().max_batch_rows; missing > chunk) {
        PELLUCID_TRY(const auto read,
                     run(tokens.first(static_cast<std::size_t>(state_->length() + chunk)), false));
        (void)read;
        return guesses;
    }
    std::vector<TokenId> text(tokens.begin(), tokens.end());
    while (static_cast<int>(guesses.size()) < most) {
        PELLUCID_TRY(const auto logits, run(text, true));
        if (!logits) break;
        PELLUCID_TRY(const SampledToken guess, sampler_->sample(*logits, text, text.size()));
        text.push_back(guess.id);
        guesses.push_back(guess.id);
    }
    return guesses;
}

}  // namespace pellucid
