// Rotary position embedding as a model asks for it, and the frequencies that follow from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pellucid {

/// Which dimensions of a head turn together, for i in [0, dims/2).
enum class RopeLayout {
    adjacent,  ///< (2i, 2i+1), as in the RoFormer paper; GGUF "llama" files are permuted to this order
    half,      ///< (i, i + dims/2), as in GPT-NeoX
};

enum class RopeScaling {
    none,
    linear,    ///< positions divided by `factor` (Chen et al., arXiv 2306.15595)
    yarn,      ///< by parts between interpolation and extrapolation (Peng et al., arXiv 2309.00071)
    longrope,  ///< per-dimension factors, a short and a long set (Ding et al., arXiv 2402.13753; Phi-3)
};

/// One choice of positions; a layer refers to it by index into ModelSpec::ropes.
struct Rope {
    int dims =
        0;  ///< leading dimensions of each head that turn; even, at most head_dim; the rest pass through
    RopeLayout layout = RopeLayout::adjacent;
    double base = 10000;
    RopeScaling scaling = RopeScaling::none;
    double factor = 1;                     ///< linear, yarn
    int original_context = 0;              ///< yarn, longrope: context before extension
    double beta_fast = 32, beta_slow = 1;  ///< yarn: rotations at which the ramp starts and ends
    bool whole_pairs = true;  ///< yarn: the ramp's ends are widened to whole pairs, as in the paper's code
    /// Multiplies both cos and sin, so a score carries its square and dimensions beyond `dims` do not: the
    /// place that YaRN's mscale and Phi-3's factor were trained with. Already final: no backend derives it
    /// from `factor`.
    double attention_factor = 1;
    /// Weight names, empty when absent; f32 [dims/2], frequency i is divided by element i.
    /// frequency_factors: Llama 3's smoothing (scaling none) or longrope's short set; long_factors:
    /// longrope's other set.
    std::string frequency_factors, long_factors;
};

/// Whether a runner whose sequences may reach `context` positions takes long_factors (longrope) instead of
/// frequency_factors. One choice a runner: cached keys carry it, so it cannot change in mid-sequence.
bool uses_long_factors(const Rope& rope, int context);

/// Angle per position of each pair, [dims/2]: pair i of position p turns by p * result[i] radians.
/// `factors` is the decoded weight named by the chosen set, or empty. PRECONDITION: empty or dims/2 long.
/// Multiply in double (or float after reducing the angle): p * frequency reaches 1e5 in long contexts.
std::vector<double> rope_frequencies(const Rope& rope, std::span<const float> factors);

}  // namespace pellucid
