#include "engine/speculation/next_token_drafter.h"

#include <algorithm>

namespace pellucid {

NextTokenDrafter::~NextTokenDrafter() {
    if (!state_ || base_ > 0) return;  // what begins in the middle is nobody's prefix
    state_->rollback(read_);
    state_->publish();
}

void NextTokenDrafter::begin(std::span<const TokenId> tokens, int first) {
    waiting_.clear();
    // The first token has no position here, yet everything behind depends on it.
    state_.emplace(draft_->pool, draft_->domain + "|" + std::to_string(tokens.front()));
    base_ = read_ = 0;
    if (first == 0) return;
    read_ = state_->adopt_prefix(tokens.subspan(1, static_cast<std::size_t>(first)));
    if (read_ == first) return;
    state_->rollback(0);
    read_ = 0;
    base_ = first;
}

Result<void> NextTokenDrafter::observe(std::span<const TokenId> tokens, int first,
                                       std::vector<std::vector<float>> hidden) {
    if (full_ || hidden.empty()) return {};
    if (!state_ || first > next()) begin(tokens, first);
    // A sequence that lost its pages is run again: what is known of it stays true.
    const auto known = static_cast<std::size_t>(std::max(0, next() - first));
    for (std::size_t i = known; i < hidden.size(); ++i) waiting_.push_back(std::move(hidden[i]));
    const auto chunk = static_cast<std::size_t>(draft_->runner->options().max_batch_rows);
    while (waiting_.size() > chunk && !full_) {
        PELLUCID_TRY(const auto read, run(tokens, false));
        (void)read;
    }
    return {};
}

Result<std::optional<RowResult>> NextTokenDrafter::run(std::span<const TokenId> tokens, bool guess) {
    const auto chunk = static_cast<std::size_t>(draft_->runner->options().max_batch_rows);
    const std::size_t count = std::min(waiting_.size(), chunk);
    std::vector<NextTokenRow> rows;
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back({tokens[static_cast<std::size_t>(base_ + read_) + i + 1], std::move(waiting_[i])});
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    state_->rollback(read_);
    PELLUCID_TRY(auto result, step(std::move(rows), guess));
    if (result) read_ += static_cast<int>(count);
    return result;
}

Result<std::optional<RowResult>> NextTokenDrafter::step(std::vector<NextTokenRow> rows, bool guess) {
    if (!state_->reserve(static_cast<int>(rows.size()))) {
        full_ = true;
        return std::optional<RowResult>();
    }
    Batch batch;
    batch.sequences.push_back(state_->view());
    batch.copies = draft_->pool.take_copies();
    std::vector<TokenId> tokens;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row;
        row.position = state_->length() + static_cast<int>(i);
        tokens.push_back(rows[i].id);
        row.input = std::move(rows[i]);
        if (guess && i + 1 == rows.size()) row.output = RowOutput::logits_and_hidden;
        batch.rows.push_back(std::move(row));
    }
    PELLUCID_TRY(StepResult result, draft_->run(batch));
    state_->append(tokens);
    return std::optional(result.rows.empty() ? RowResult() : std::move(result.rows.back()));
}

Result<std::vector<TokenId>> NextTokenDrafter::propose(std::span<const TokenId> tokens, int most) {
    std::vector<TokenId> guesses;
    // Every position before the last token's must have been told.
    if (full_ || !state_ || waiting_.empty() || next() + 1 != static_cast<int>(tokens.size()) ||
        next() - base_ + most > draft_->context())
        return guesses;
    PELLUCID_TRY(auto last, run(tokens, true));
    std::vector<TokenId> text(tokens.begin(), tokens.end());
    while (last) {
        PELLUCID_TRY(const SampledToken guess, sampler_->sample(last->values, text, text.size()));
        text.push_back(guess.id);
        guesses.push_back(guess.id);
        if (static_cast<int>(guesses.size()) == most) break;
        PELLUCID_TRY(last, step({{guess.id, std::move(last->hidden)}}, true));
    }
    return guesses;
}

}  // namespace pellucid
