// Ropes of real models and odd ones, at positions near and far.
#pragma once

#include "engine/model/rope.h"

namespace pellucid {

struct RopeCase {
    int heads, head_dim, dims;
    RopeLayout layout;
    double base, attention_factor;
    int position;
};

inline constexpr RopeCase rope_cases[] = {
    {1, 2, 2, RopeLayout::adjacent, 10000, 1, 1},
    {9, 64, 64, RopeLayout::adjacent, 100000, 1, 0},  // SmolLM2
    {3, 64, 64, RopeLayout::adjacent, 100000, 1, 8191},
    {4, 256, 256, RopeLayout::half, 1000000, 1, 32767},  // Gemma 3
    {2, 32, 16, RopeLayout::adjacent, 10000, 1, 199},    // GLM-4: half of the head
    {4, 96, 72, RopeLayout::half, 10000, 1.1902380714, 4097},
    {28, 128, 128, RopeLayout::half, 1000000, 1.1386294, 131071},
};

}  // namespace pellucid
