// Shapes of linear layers: those of real models next to odd ones.
#pragma once

#include "engine/format/tensor_type.h"

namespace pellucid {

struct LinearCase {
    TensorType type;
    int tokens, out, in;  ///< `in` is a multiple of the type's block
    bool bias;
};

inline constexpr LinearCase linear_cases[] = {
    {TensorType::f32, 1, 1, 1, false},
    {TensorType::f32, 1, 7, 33, true},
    {TensorType::f32, 3, 5, 1023, false},
    {TensorType::f16, 1, 320, 64, false},  // the test fixtures' head
    {TensorType::f16, 17, 160, 64, true},
    {TensorType::bf16, 2, 96, 100, false},
    {TensorType::q4_0, 1, 9, 32, false},
    {TensorType::q4_0, 5, 64, 576, true},
    {TensorType::q4_1, 1, 576, 576, false},
    {TensorType::q4_1, 33, 192, 576, false},  // SmolLM2 135M
    {TensorType::q4_1, 1, 576, 1536, false},
    {TensorType::q5_0, 1, 1024, 640, false},  // Gemma 3 270M
    {TensorType::q5_0, 7, 256, 640, false},
    {TensorType::q5_1, 2, 31, 96, false},
    {TensorType::q8_0, 1, 2048, 640, false},
    {TensorType::q8_0, 19, 257, 576, true},
    {TensorType::q2_k, 1, 10, 256, false},
    {TensorType::q3_k, 4, 33, 512, false},
    {TensorType::q4_k, 1, 640, 1024, false},
    {TensorType::q4_k, 40, 63, 1536, true},
    {TensorType::q5_k, 3, 128, 768, false},
    {TensorType::q6_k, 1, 640, 2048, false},
    {TensorType::q6_k, 9, 65, 256, false},
    {TensorType::iq1_s, 1, 20, 512, false},
    {TensorType::iq1_m, 3, 33, 512, true},
    {TensorType::iq2_xxs, 2, 40, 256, false},
    {TensorType::iq2_xs, 9, 17, 768, false},
    {TensorType::iq2_s, 1, 64, 1024, true},
    {TensorType::iq3_xxs, 5, 48, 512, false},
    {TensorType::iq3_s, 1, 31, 1536, false},
    {TensorType::iq4_nl, 4, 33, 96, true},
    {TensorType::iq4_nl, 1, 128, 576, false},
    {TensorType::iq4_xs, 1, 640, 1024, false},
    {TensorType::iq4_xs, 17, 63, 256, true},
    {TensorType::tq1_0, 1, 16, 256, false},
    {TensorType::tq2_0, 8, 30, 512, false},
    {TensorType::mxfp4, 1, 64, 2880, false},
    {TensorType::mxfp4, 11, 48, 64, true},  // gpt-oss's width
};

}  // namespace pellucid
