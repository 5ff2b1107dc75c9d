#include "engine/speculation/draft_length.h"

#include <algorithm>

namespace pellucid {

namespace {

constexpr double kRate = 0.15;  // a run of repetition is felt within a sentence, and so is its end
constexpr int kLeastPause = 8, kLongestPause = 64;

}  // namespace

int DraftLength::next() {
    if (wait_ > 0) {
        --wait_;
        return 0;
    }
    int length = 0;
    for (double kept = chance_; length < most_ && kept > row_cost_; kept *= chance_) ++length;
    return std::clamp(length, std::min(1, most_), most_);
}

void DraftLength::learn(int run, int kept) {
    if (run <= 0) return;
    // Guesses behind the first wrong one were never judged.
    for (int i = 0; i < kept; ++i) chance_ += kRate * (1 - chance_);
    if (kept < run) chance_ -= kRate * chance_;
    if (kept > 0) pause_ = kLeastPause;
    if (chance_ > row_cost_) return;
    wait_ = pause_;
    if (kept == 0) pause_ = std::min(2 * pause_, kLongestPause);
}

}  // namespace pellucid
