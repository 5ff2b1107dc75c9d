#include "engine/ops/router/reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace pellucid {
namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

std::vector<double> gate(Gating gating, std::span<const float> logits) {
    std::vector<double> scores(logits.begin(), logits.end());
    if (gating == Gating::softmax) {
        const double highest = *std::max_element(scores.begin(), scores.end());
        double total = 0;
        for (double& score : scores) total += score = std::exp(score - highest);
        for (double& score : scores) score /= total;
    } else if (gating == Gating::sigmoid) {
        for (double& score : scores) score = 1 / (1 + std::exp(-score));
    }
    return scores;
}

/// Experts outside the best groups can no longer be chosen.
void keep_best_groups(const Router& router, std::vector<double>& ranks) {
    if (router.groups_used >= router.groups) return;
    const auto of_group = static_cast<std::ptrdiff_t>(router.experts / router.groups);
    const auto best = std::min<std::ptrdiff_t>(router.group_best, of_group);
    std::vector<double> group_ranks;
    for (int g = 0; g < router.groups; ++g) {
        std::vector<double> members(ranks.begin() + g * of_group, ranks.begin() + (g + 1) * of_group);
        std::partial_sort(members.begin(), members.begin() + best, members.end(), std::greater<>());
        group_ranks.push_back(std::accumulate(members.begin(), members.begin() + best, 0.0));
    }
    std::vector<int> order(group_ranks.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return group_ranks[static_cast<std::size_t>(a)] > group_ranks[static_cast<std::size_t>(b)];
    });
    for (auto g = static_cast<std::size_t>(router.groups_used); g < order.size(); ++g)
        std::fill_n(ranks.begin() + order[g] * of_group, of_group, never);
}

/// How many of the best reach the threshold, at most `most`.
std::size_t count_reaching(double threshold, std::span<const float> logits, std::span<const int> order,
                           std::size_t most) {
    const std::vector<double> shares = gate(Gating::softmax, logits);
    double total = 0;
    std::size_t count = 0;
    while (count < most && (count == 0 || total < threshold))
        total += shares[static_cast<std::size_t>(order[count++])];
    return count;
}

}  // namespace

std::vector<ExpertChoice> route_reference(const Router& router, std::span<const float> logits,
                                          std::span<const float> selection_bias, double* margin) {
    std::vector<double> scores = gate(router.gating, logits);
    std::vector<double> ranks = scores;
    for (std::size_t i = 0; i < selection_bias.size(); ++i) ranks[i] += selection_bias[i];
    keep_best_groups(router, ranks);
    std::vector<int> order(ranks.size());
    std::iota(order.begin(), order.end(), 0);
    const auto rank = [&](int expert) { return ranks[static_cast<std::size_t>(expert)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank(a) > rank(b); });
    std::size_t used = static_cast<std::size_t>(router.used);
    if (router.threshold > 0) used = count_reaching(router.threshold, logits, order, used);
    if (margin) *margin = used < order.size() ? rank(order[used - 1]) - rank(order[used]) : 1e30;
    order.resize(used);

    if (router.gating == Gating::softmax_of_chosen) {
        std::vector<float> chosen;
        for (int expert : order) chosen.push_back(logits[static_cast<std::size_t>(expert)]);
        const std::vector<double> shares = gate(Gating::softmax, chosen);
        for (std::size_t i = 0; i < used; ++i) scores[static_cast<std::size_t>(order[i])] = shares[i];
    }
    double total = 0;
    for (int expert : order) total += scores[static_cast<std::size_t>(expert)];
    const double factor =
        router.scale / (router.renormalise ? std::max(total, std::numeric_limits<double>::min()) : 1.0);
    std::vector<ExpertChoice> choices;
    for (int expert : order)
        choices.push_back({expert, static_cast<float>(scores[static_cast<std::size_t>(expert)] * factor)});
    return choices;
}

}  // namespace pellucid
