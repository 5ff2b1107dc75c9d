// Samplers once more, in double precision and without any cleverness: what the fast ones are held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "engine/sampling/spec.h"

namespace reference {

using Probabilities = std::vector<double>;  ///< [vocab]; 0: filtered out

inline Probabilities softmax(const std::vector<double>& logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    Probabilities p(logits.size());
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = std::exp(logits[i] - largest);
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (auto& x : p) x /= sum;
    return p;
}

/// Ids that are still possible, by descending key, ties by id.
inline std::vector<int> order(const Probabilities& p, const std::vector<double>& key) {
    std::vector<int> ids;
    for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i] > 0) ids.push_back(static_cast<int>(i));
    std::stable_sort(ids.begin(), ids.end(), [&](int a, int b) { return key[a] > key[b]; });
    return ids;
}

inline void keep(Probabilities& p, const std::vector<int>& ids) {
    Probabilities kept(p.size(), 0);
    double sum = 0;
    for (const int id : ids) sum += p[id];
    for (const int id : ids) kept[id] = p[id] / sum;
    p = kept;
}

inline std::vector<int> until_mass(const Probabilities& p, std::vector<int> ids, double mass) {
    double sum = 0;
    for (std::size_t i = 0; i < ids.size(); ++i)
        if ((sum += p[ids[i]]) >= mass) {
            ids.resize(i + 1);
            break;
        }
    return ids;
}

/// DRY as its author wrote it: at every earlier occurrence of the last token, walk backwards while both texts
/// agree.
inline void dry(std::vector<double>& logits, const std::vector<int>& history,
                const pellucid::SamplingSpec& spec, const std::vector<bool>& breaker) {
    const int n = static_cast<int>(history.size());
    if (n < 2 || breaker[history[n - 1]]) return;
    std::map<int, int> longest;
    for (int i = 0; i < n - 1; ++i) {
        if (history[i] != history[n - 1] || breaker[history[i + 1]]) continue;
        int length = 1;
        while (length <= i && history[i - length] == history[n - 1 - length] && !breaker[history[i - length]])
            ++length;
        longest[history[i + 1]] = std::max(longest[history[i + 1]], length);
    }
    for (const auto& [next, length] : longest)
        if (length >= spec.dry_allowed_length)
            logits[next] -= spec.dry_multiplier * std::pow(spec.dry_base, length - spec.dry_allowed_length);
}

/// The distribution that sampling by `spec` draws from.
inline Probabilities distribution(const std::vector<float>& raw, const std::vector<int>& history,
                                  const pellucid::SamplingSpec& spec, const std::vector<bool>& breaker = {}) {
    std::vector<double> logits(raw.begin(), raw.end());
    std::map<int, int> counts;
    const int window = spec.penalty_window < 0 ? static_cast<int>(history.size()) : spec.penalty_window;
    for (int i = std::max(0, static_cast<int>(history.size()) - window); i < static_cast<int>(history.size());
         ++i)
        ++counts[history[i]];
    for (const auto& [id, count] : counts) {
        logits[id] =
            logits[id] > 0 ? logits[id] / spec.repetition_penalty : logits[id] * spec.repetition_penalty;
        logits[id] -= spec.frequency_penalty * count + spec.presence_penalty;
    }
    if (spec.dry_multiplier > 0) dry(logits, history, spec, breaker);
    Probabilities p = softmax(logits);
    if (spec.top_k > 0) {
        auto ids = order(p, logits);
        if (static_cast<int>(ids.size()) > spec.top_k) ids.resize(spec.top_k);
        keep(p, ids);
    }
    if (spec.typical_p < 1) {
        double entropy = 0;
        for (const double x : p)
            if (x > 0) entropy -= x * std::log(x);
        std::vector<double> key(p.size());
        for (std::size_t i = 0; i < p.size(); ++i)
            key[i] = p[i] > 0 ? -std::abs(-std::log(p[i]) - entropy) : -1e300;
        keep(p, until_mass(p, order(p, key), spec.typical_p));
    }
    if (spec.top_p < 1) keep(p, until_mass(p, order(p, logits), spec.top_p));
    if (spec.min_p > 0) {
        const double largest = *std::max_element(p.begin(), p.end());
        std::vector<int> ids;
        for (std::size_t i = 0; i < p.size(); ++i)
            if (p[i] > 0 && p[i] >= spec.min_p * largest) ids.push_back(static_cast<int>(i));
        keep(p, ids);
    }
    std::vector<double> cooled(logits.size(), -1e300);
    for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i] > 0) cooled[i] = logits[i] / spec.temperature;
    return softmax(cooled);
}

}  // namespace reference
