// How many tokens are worth guessing, from how the last guesses did.
#pragma once

namespace pellucid {

/// A further guess pays while the chance that it and all before it are kept is above what a row more costs a
/// step. The chance of one guess is a running mean; where not even one pays, a single guess is tried now and
/// then, ever more rarely while it fails. Depends on nothing but what was kept: no clock.
class DraftLength {
public:
    /// `row_cost`: of a guess (its row and its making), as a share of a step with one row.
    DraftLength(int most, double row_cost) : most_(most), row_cost_(row_cost) {}

    /// Guesses to make before the next step; 0 to most.
    int next();
    /// `kept` of `run` guesses were kept.
    void learn(int run, int kept);
    double chance() const { return chance_; }

private:
    const int most_;
    const double row_cost_;
    double chance_ = 0.7;
    int wait_ = 0, pause_ = 8;  ///< steps until a guess is tried; and how many the next wait lasts
};

}  // namespace pellucid
