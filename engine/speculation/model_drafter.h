// Guesses of a small model with the same vocabulary.
#pragma once

#include <optional>

#include "engine/memory/sequence_state.h"
#include "engine/sampling/sampler.h"
#include "engine/speculation/draft_runner.h"
#include "engine/speculation/drafter.h"

namespace pellucid {

/// Reads along in a cache of its own, some rows at a call so that no call takes long, and guesses once it has
/// caught up. `sampler` has the reply's settings and seed: it draws with the noise that the reply will draw
/// with.
class ModelDrafter final : public Drafter {
public:
    ModelDrafter(std::shared_ptr<DraftRunner> draft, std::unique_ptr<Sampler> sampler)
        : draft_(std::move(draft)), sampler_(std::move(sampler)) {}
    /// Leaves what it has read to the next reply.
    ~ModelDrafter() override;
    Result<std::vector<TokenId>> propose(std::span<const TokenId> tokens, int most) override;

private:
    /// Runs tokens [state length, end) and gives the last one's logits if they are asked for. nullopt: no
    /// memory is left for them.
    Result<std::optional<std::vector<float>>> run(std::span<const TokenId> tokens, bool logits);

    const std::shared_ptr<DraftRunner> draft_;
    const std::unique_ptr<Sampler> sampler_;
    std::optional<SequenceState> state_;  // made in the scheduler's thread, as the pool asks
};

}  // namespace pellucid
