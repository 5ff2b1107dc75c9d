// What check_cuda runs on a CUDA device; CAPABILITIES.md is made of these lists (`ninja capabilities` after a
// change).
#pragma once

#include "engine/format/tensor_type.h"

namespace pellucid::test {

/// Fixtures of tests/fixtures/architectures.
inline constexpr const char* cuda_models[] = {
    "llama",    "llama_rope3", "llama_tied",   "mistral",        "qwen2",     "qwen3",   "qwen3_yarn",
    "phi3",     "gemma2",      "gemma3",       "granite",        "glm4",      "smollm3", "qwen2moe",
    "qwen3moe", "gpt_oss",     "gpt_oss_yarn", "deepseek2_lite", "deepseek3", "lfm2",    "lfm2_conv"};

inline constexpr TensorType cuda_types[] = {
    TensorType::f32,   TensorType::f16,     TensorType::bf16,   TensorType::q4_0,  TensorType::q4_1,
    TensorType::q5_0,  TensorType::q5_1,    TensorType::q8_0,   TensorType::q2_k,  TensorType::q3_k,
    TensorType::q4_k,  TensorType::q5_k,    TensorType::q6_k,   TensorType::q8_k,  TensorType::iq1_s,
    TensorType::iq1_m, TensorType::iq2_xxs, TensorType::iq2_xs, TensorType::iq2_s, TensorType::iq3_xxs,
    TensorType::iq3_s, TensorType::iq4_nl,  TensorType::iq4_xs, TensorType::tq1_0, TensorType::tq2_0,
    TensorType::mxfp4};

inline constexpr const char* cuda_kv_formats[] = {"f16"};

}  // namespace pellucid::test
