// Attention shapes of real models and odd ones.
#pragma once

namespace pellucid {

struct AttentionCase {
    int heads, kv_heads, head_dim;
    int stored, rows;  ///< positions before the step, rows of the step
    int window;        ///< 0: none
    float soft_cap;    ///< 0: none
    int page_tokens;
};

inline constexpr AttentionCase attention_cases[] = {
    {1, 1, 8, 0, 1, 0, 0, 16},       {4, 2, 16, 0, 17, 0, 0, 16},  {4, 2, 32, 150, 50, 32, 50, 7},
    {9, 3, 64, 0, 33, 0, 0, 64},     {9, 3, 64, 511, 1, 0, 0, 64},  // SmolLM2
    {4, 1, 256, 600, 3, 512, 0, 64},                                // Gemma 3 270M
    {12, 2, 128, 63, 2, 0, 0, 64},                                  // R1-Distill-Qwen 1.5B
    {3, 3, 80, 5, 4, 2, 0, 3},       {2, 1, 96, 0, 5, 1, 30, 5},
};

}  // namespace pellucid
