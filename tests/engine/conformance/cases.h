// What the conformance tests run, once: the tests go over these lists, and CAPABILITIES.md is made of them.
#pragma once

namespace pellucid::test {

/// A tiny model of tests/fixtures/architectures.
struct ModelCase {
    const char* fixture;
    bool folder;  ///< also as a Hugging Face folder (tests/fixtures/folders)
};

inline constexpr ModelCase model_cases[] = {
    {"llama", true},        {"llama_rope3", true},    {"llama_tied", true}, {"mistral", true},
    {"qwen2", true},        {"qwen3", true},          {"qwen3_yarn", true}, {"phi3", true},
    {"gemma2", true},       {"gemma3", true},         {"granite", true},    {"glm4", true},
    {"smollm3", true},      {"qwen2moe", true},       {"qwen3moe", true},   {"gpt_oss", true},
    {"gpt_oss_yarn", true}, {"deepseek2_lite", true}, {"deepseek3", true},  {"lfm2", true},
    {"lfm2_conv", true}};

/// A quantised form of Hugging Face folders: a folder of tests/fixtures/folders/quantized.
struct FolderForm {
    const char* folder;
    const char* label;  ///< ModelFacts::quantization
    const char* held;   ///< the types it is held in
};

inline constexpr FolderForm folder_forms[] = {
    {"gptq", "GPTQ 4-bit", "F16 (groups by activation)"},
    {"gptq_runs", "GPTQ 4-bit", "Q4_0, Q4_1 or Q8_0 (groups in runs), activations in 16 bits"},
    {"awq", "AWQ 4-bit", "Q4_1, activations in 16 bits"},
    {"fp8", "FP8", "F16 or BF16"}};

/// Recipes that every model of model_cases is quantised by and run in on every backend.
inline constexpr const char* recipe_cases[] = {"Q8_0", "Q4_0", "MXFP4"};

}  // namespace pellucid::test
