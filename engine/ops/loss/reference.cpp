#include "engine/ops/loss/reference.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace pellucid {

double token_loss(std::span<const float> logits, TokenId id) {
    assert(id >= 0 && static_cast<std::size_t>(id) < logits.size());
    const double highest = *std::max_element(logits.begin(), logits.end());
    double total = 0;
    for (float logit : logits) total += std::exp(logit - highest);
    return highest + std::log(total) - logits[static_cast<std::size_t>(id)];
}

void Perplexity::add(double loss) {
    ++tokens_;
    const double distance = loss - mean_;
    mean_ += distance / static_cast<double>(tokens_);
    squares_ += distance * (loss - mean_);
}

double Perplexity::value() const {
    return std::exp(mean_);
}

double Perplexity::standard_error() const {
    if (tokens_ < 2) return 0;
    const double n = static_cast<double>(tokens_);
    return value() * std::sqrt(squares_ / (n - 1) / n);
}

}  // namespace pellucid
