#include "engine/ops/sample/reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace pellucid {
namespace {

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Ids by falling logit, the lower id first among equals.
std::vector<TokenId> ranked(std::span<const float> logits) {
    std::vector<TokenId> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(), [&](TokenId a, TokenId b) {
        return logits[static_cast<std::size_t>(a)] > logits[static_cast<std::size_t>(b)];
    });
    return ids;
}

TokenId draw(std::span<const float> logits, std::span<const TokenId> ids, const SampleSpec& spec,
             int position) {
    const auto logit = [&](std::size_t rank) {
        return static_cast<double>(logits[static_cast<std::size_t>(ids[rank])]);
    };
    std::size_t kept = ids.size();
    if (spec.top_k > 0) kept = std::min(kept, static_cast<std::size_t>(spec.top_k));
    std::vector<double> weights(kept);
    for (std::size_t rank = 0; rank < kept; ++rank)
        weights[rank] = std::exp((logit(rank) - logit(0)) / static_cast<double>(spec.temperature));
    double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (spec.top_p < 1) {  // the shortest head of the list that holds top_p, and never nothing
        double sum = 0;
        std::size_t rank = 0;
        while (rank < kept && sum < static_cast<double>(spec.top_p) * total) sum += weights[rank++];
        kept = std::max<std::size_t>(rank, 1);
    }
    if (spec.min_p > 0)  // weights[0] is 1: the best token's share is the unit
        while (kept > 1 && weights[kept - 1] < static_cast<double>(spec.min_p)) --kept;
    total = std::accumulate(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(kept), 0.0);
    double left = counter_uniform(spec.seed, static_cast<std::uint64_t>(position)) * total;
    for (std::size_t rank = 0; rank + 1 < kept; ++rank)
        if ((left -= weights[rank]) < 0) return ids[rank];
    return ids[kept - 1];
}

}  // namespace

double counter_uniform(std::uint64_t seed, std::uint64_t position) {
    const std::uint64_t bits = mix(mix(seed + 0x9e3779b97f4a7c15u) ^ mix(position + 0xd1b54a32d192ed03u));
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

SampledToken sample_reference(std::span<const float> logits, const SampleSpec& spec, int position) {
    const std::vector<TokenId> ids = ranked(logits);
    const double highest = logits[static_cast<std::size_t>(ids[0])];
    double total = 0;
    for (float logit : logits) total += std::exp(logit - highest);
    const double log_total = highest + std::log(total);
    const auto logprob = [&](TokenId id) { return logits[static_cast<std::size_t>(id)] - log_total; };

    SampledToken result;
    result.id = spec.temperature > 0 ? draw(logits, ids, spec, position) : ids[0];
    result.logprob = static_cast<float>(logprob(result.id));
    double entropy = 0;
    for (TokenId id : ids) entropy -= std::exp(logprob(id)) * logprob(id);
    result.entropy = static_cast<float>(entropy);
    const std::size_t alternatives =
        std::min(ids.size(), static_cast<std::size_t>(std::max(spec.top_alternatives, 0)));
    for (std::size_t rank = 0; rank < alternatives; ++rank)
        result.alternatives.emplace_back(ids[rank], static_cast<float>(logprob(ids[rank])));
    return result;
}

}  // namespace pellucid
