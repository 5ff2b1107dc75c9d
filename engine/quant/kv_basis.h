// The directions in which a head's keys are quantised. A score is the product of a query and a key, so what
// an error of a key costs depends on the queries; and keys of a head differ mostly in a few directions (an
// offset they share and channels that stand out: KIVI, arXiv 2402.02750; KVQuant, arXiv 2401.18079). In the
// basis where errors of every coordinate cost the same and keys are uncorrelated, bits go to coordinates by
// their energy, as in transform coding (Huang and Schultheiss, 1963). Both correlations come from a sample:
// calibrate_kv.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/quant/kv_format.h"

namespace pellucid {

/// Of one KV head. Products stay: (of_query q) . (to_codes k) = q . k.
struct KvBasis {
    int width = 0;
    KvTiers tiers;
    std::vector<float> to_codes;  ///< [width, width]: coordinates as kv_encode_tiers() takes them, of a key
    std::vector<float> of_query;  ///< [width, width]: the same of a query

    void key_to_codes(std::span<const float> key, std::span<float> y) const;
    void query_to_codes(std::span<const float> query, std::span<float> y) const;
    /// The key that has these coordinates.
    void codes_to_key(std::span<const float> y, std::span<float> key) const;
};

/// By layer and KV head; a layer without any keeps its keys in the format itself.
struct KvBases {
    std::vector<std::vector<KvBasis>> layers;

    const KvBasis* find(int layer, int head) const;
    std::uint64_t bytes() const;
};

/// Vectors wider than this have no basis.
inline constexpr int kWidestBasis = 512;

/// Keys of this width can have a basis in this format.
bool takes_basis(KvFormat format, int width);

/// queries, keys: [width, width], the mean of x x^T over a sample of each. Tiers take at most
/// kv_vector_bytes(format, width). Nothing where the sample is no use (not finite, or all zero).
/// PRECONDITION: takes_basis(format, width).
std::optional<KvBasis> make_kv_basis(KvFormat format, int width, std::span<const double> queries,
                                     std::span<const double> keys);

}  // namespace pellucid
