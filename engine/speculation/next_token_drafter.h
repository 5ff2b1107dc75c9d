// Guesses of the model's own multi-token-prediction layer (ModelSpec::next_layers).
#pragma once

#include <optional>

#include "engine/memory/sequence_state.h"
#include "engine/sampling/sampler.h"
#include "engine/speculation/draft_runner.h"
#include "engine/speculation/drafter.h"

namespace pellucid {

/// At position i the layer reads what the model left there and token i + 1, and guesses token i + 2; a second
/// guess feeds it its own output and its first guess, and so on. Its keys and values are kept like a
/// sequence's whose tokens are shifted by one. Where the model took positions from its cache, of which no
/// hidden state is known, the layer takes them from its own, or begins behind them.
class NextTokenDrafter final : public Drafter {
public:
    NextTokenDrafter(std::shared_ptr<DraftRunner> draft, std::unique_ptr<Sampler> sampler)
        : draft_(std::move(draft)), sampler_(std::move(sampler)) {}
    /// Leaves what it has read to the next reply.
    ~NextTokenDrafter() override;
    bool wants_hidden() const override { return true; }
    Result<void> observe(std::span<const TokenId> tokens, int first,
                         std::vector<std::vector<float>> hidden) override;
    Result<std::vector<TokenId>> propose(std::span<const TokenId> tokens, int most) override;

private:
    void begin(std::span<const TokenId> tokens, int first);
    /// Runs rows that wait; `guess`: the last one's logits and hidden state are wanted. nullopt: no memory.
    Result<std::optional<RowResult>> run(std::span<const TokenId> tokens, bool guess);
    Result<std::optional<RowResult>> step(std::vector<NextTokenRow> rows, bool guess);
    /// The position that the next row to wait has in the model.
    int next() const { return base_ + read_ + static_cast<int>(waiting_.size()); }

    const std::shared_ptr<DraftRunner> draft_;
    const std::unique_ptr<Sampler> sampler_;
    std::optional<SequenceState> state_;
    int base_ = 0;  ///< the model's position of the layer's first
    int read_ = 0;  ///< positions stored that are no guesses
    std::vector<std::vector<float>> waiting_;
    bool full_ = false;  ///< memory ran out: no more guesses for this reply
};

}  // namespace pellucid
