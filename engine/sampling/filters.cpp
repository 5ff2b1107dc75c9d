#include "engine/sampling/filters.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pellucid {

namespace {

/// Puts candidates in the order of `before`, front first, only as far as `enough(candidate)` asks (it is
/// called once for each, in order, and returns true at the last one wanted). Keeps those.
template <typename Before, typename Enough>
void keep_front(std::vector<Candidate>& candidates, Before before, Enough enough) {
    std::size_t sorted = 0;
    for (std::size_t chunk = 64; sorted < candidates.size(); chunk *= 4) {
        const auto begin = candidates.begin() + static_cast<std::ptrdiff_t>(sorted);
        const auto end =
            candidates.begin() + static_cast<std::ptrdiff_t>(std::min(sorted + chunk, candidates.size()));
        if (end != candidates.end()) std::nth_element(begin, end, candidates.end(), before);
        std::sort(begin, end, before);
        for (auto it = begin; it != end; ++it) {
            if (!enough(*it)) continue;
            candidates.erase(it + 1, candidates.end());
            return;
        }
        sorted = static_cast<std::size_t>(end - candidates.begin());
    }
}

}  // namespace

void select_top(std::span<const float> logits, std::size_t k, std::vector<Candidate>& out) {
    out.clear();
    if (k == 0) return;
    constexpr float kNone = -std::numeric_limits<float>::infinity();
    const std::size_t capacity = k >= logits.size() ? logits.size() : std::max<std::size_t>(4 * k, 256);
    float threshold =
        kNone;  // only a strictly larger logit can still be among the k best: ids ascend, ties lose
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (!(logits[i] > threshold)) continue;
        out.push_back({static_cast<TokenId>(i), logits[i], 0});
        if (out.size() == capacity && k < logits.size()) {
            std::nth_element(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(k - 1), out.end(),
                             better);
            out.resize(k);
            threshold = out[k - 1].logit;
        }
    }
    if (k < out.size()) {
        std::nth_element(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(k - 1), out.end(), better);
        out.resize(k);
    }
    std::sort(out.begin(), out.end(), better);
}

void softmax(std::vector<Candidate>& candidates) {
    float largest = -std::numeric_limits<float>::infinity();
    for (const auto& candidate : candidates) largest = std::max(largest, candidate.logit);
    double sum = 0;
    for (auto& candidate : candidates) sum += candidate.probability = std::exp(candidate.logit - largest);
    const auto scale = static_cast<float>(1.0 / sum);
    for (auto& candidate : candidates) candidate.probability *= scale;
}

void keep_top_p(std::vector<Candidate>& candidates, float p) {
    double mass = 0;
    keep_front(candidates, better,
               [&](const Candidate& candidate) { return (mass += candidate.probability) >= p; });
}

void keep_min_p(std::vector<Candidate>& candidates, float min_p) {
    float largest = 0;
    for (const auto& candidate : candidates) largest = std::max(largest, candidate.probability);
    std::erase_if(candidates,
                  [&](const Candidate& candidate) { return candidate.probability < min_p * largest; });
}

void keep_typical(std::vector<Candidate>& candidates, float p) {
    double entropy = 0;
    for (const auto& candidate : candidates)
        if (candidate.probability > 0)
            entropy -= candidate.probability * std::log(static_cast<double>(candidate.probability));
    const auto surprise_off = [&](const Candidate& candidate) {
        return candidate.probability > 0
                   ? std::abs(-std::log(static_cast<double>(candidate.probability)) - entropy)
                   : std::numeric_limits<double>::infinity();
    };
    const auto before = [&](const Candidate& a, const Candidate& b) {
        const double x = surprise_off(a), y = surprise_off(b);
        return x != y ? x < y : better(a, b);
    };
    double mass = 0;
    keep_front(candidates, before,
               [&](const Candidate& candidate) { return (mass += candidate.probability) >= p; });
}

std::vector<TokenCount> count_tokens(std::span<const TokenId> window, std::size_t vocab) {
    std::vector<TokenId> sorted(window.begin(), window.end());
    std::erase_if(sorted, [&](TokenId id) { return id < 0 || static_cast<std::size_t>(id) >= vocab; });
    std::sort(sorted.begin(), sorted.end());
    std::vector<TokenCount> counts;
    for (const TokenId id : sorted) {
        if (counts.empty() || counts.back().id != id) counts.push_back({id, 0});
        ++counts.back().count;
    }
    return counts;
}

void apply_penalties(std::span<float> logits, std::span<const TokenCount> counts, float repetition,
                     float presence, float frequency) {
    for (const auto& [id, count] : counts) {
        float& logit = logits[static_cast<std::size_t>(id)];
        logit = logit > 0 ? logit / repetition : logit * repetition;
        logit -= frequency * static_cast<float>(count) + presence;
    }
}

void apply_dry(std::span<float> logits, std::span<const TokenId> history, const DryRule& rule) {
    const std::size_t n = history.size();
    if (n < 2 || rule.multiplier == 0) return;
    const auto at = [&](std::size_t back) { return history[n - 1 - back]; };  // 0: the newest token
    const auto breaks = [&](TokenId id) {
        return id >= 0 && static_cast<std::size_t>(id) < rule.breaker.size() &&
               rule.breaker[static_cast<std::size_t>(id)];
    };
    // A match is made of the text's last tokens, so it can be no longer than the run since the last breaker.
    std::size_t run = 0;
    while (run < n && !breaks(at(run))) ++run;
    if (run == 0) return;

    // z[k]: how many tokens before position k (and it) equal those at the end: the Z function of the reversed
    // history.
    std::vector<std::size_t> z(n, 0);
    for (std::size_t k = 1, left = 0, right = 0; k < n; ++k) {
        if (k < right) z[k] = std::min(right - k, z[k - left]);
        while (k + z[k] < n && at(z[k]) == at(k + z[k])) ++z[k];
        if (k + z[k] > right) left = k, right = k + z[k];
    }
    struct Match {
        TokenId next;
        std::size_t length;
    };
    std::vector<Match> matches;
    const auto allowed = static_cast<std::size_t>(std::max(rule.allowed_length, 1));
    for (std::size_t k = 1; k < n; ++k) {
        const std::size_t length = std::min(z[k], run);
        const TokenId next = at(k - 1);
        if (length < allowed || breaks(next) || next < 0 || static_cast<std::size_t>(next) >= logits.size())
            continue;
        matches.push_back({next, length});
    }
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
        return a.next != b.next ? a.next < b.next : a.length > b.length;
    });
    for (std::size_t i = 0; i < matches.size(); ++i) {
        if (i > 0 && matches[i].next == matches[i - 1].next)
            continue;  // only the longest match of each token counts
        const double excess = static_cast<double>(matches[i].length) - rule.allowed_length;
        const double penalty =
            std::min(rule.multiplier * std::pow(static_cast<double>(rule.base), excess), 1e30);
        logits[static_cast<std::size_t>(matches[i].next)] -= static_cast<float>(penalty);
    }
}

}  // namespace pellucid
