// Widths of norms: head norms, model widths, odd ones.
#pragma once

namespace pellucid {

struct NormCase {
    int rows, width;
    float eps;
};

inline constexpr NormCase norm_cases[] = {
    {1, 1, 1e-6f},   {1, 16, 1e-6f},  {3, 33, 1e-5f},     {5, 64, 1e-6f},   {9, 128, 1e-6f},
    {1, 576, 1e-5f}, {4, 640, 1e-6f}, {2, 3584, 1.5e-7f}, {1, 4095, 1e-5f},
};

}  // namespace pellucid
