// The reference's keys and values: pages of float32, rounded on the way in as the chosen KV format would
// round.
#pragma once

#include <span>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/backend/batch.h"
#include "engine/model/spec.h"

namespace pellucid {

/// Rounds a vector to the format and back.
void round_to_kv_format(KvFormat format, std::span<float> head);
/// Rounds a key as the tiers of its basis would.
void round_in_basis(const KvBasis& basis, std::span<float> key);

class ReferenceKv {
public:
    ReferenceKv(const ModelSpec& spec, const RunnerOptions& options);

    void copy(const PageCopy& copy);
    /// The head's vector at a position of a sequence with these pages: [key_width], [value_width] f32 of
    /// cache_shape().
    std::span<float> key(int layer, const BatchSequence& sequence, int position, int head);
    std::span<float> value(int layer, const BatchSequence& sequence, int position, int head);

private:
    struct LayerCache {
        std::size_t heads = 0, key_width = 0, value_width = 0;
        std::vector<float> keys, values;  // [pages, page_tokens, heads, width]
    };
    /// Which head of which position it is, counted over all pages of a layer.
    std::size_t index(const LayerCache& cache, const BatchSequence& sequence, int position, int head) const;

    std::size_t page_tokens_;
    std::vector<LayerCache> layers_;
};

}  // namespace pellucid
