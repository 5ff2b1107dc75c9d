// The expected.safetensors file beside a fixture.
#pragma once

#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "engine/format/safetensors_file.h"
#include "tests/engine/conformance/driver.h"

namespace pellucid::test {

struct Expected {
    struct Prompt {
        std::vector<TokenId> tokens;
        std::vector<int> positions;
        std::vector<float> logits;  // [positions, vocabulary]
    };
    std::vector<Prompt> prompts;
    std::vector<TokenId> greedy;
    std::vector<float> margins;
    double deviation = 0;  ///< standard deviation of all expected logits
};

template <typename T>
std::vector<T> tensor_values(const SafetensorsFile& file, const std::string& name, TensorType type) {
    const FileTensor* tensor = file.find(name);
    if (!tensor || tensor->type != type) throw std::runtime_error("no tensor " + name);
    std::vector<T> values(tensor->bytes.size() / sizeof(T));
    std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
}

inline Expected load_expected(const std::string& name) {
    const auto file = must(SafetensorsFile::open(fixture_path(name + ".expected.safetensors")));
    Expected expected;
    double sum = 0, squares = 0, count = 0;
    for (int k = 0; k < 3; ++k) {
        const std::string suffix = "_" + std::to_string(k);
        Expected::Prompt prompt;
        prompt.tokens = tensor_values<std::int32_t>(*file, "tokens" + suffix, TensorType::i32);
        prompt.positions = tensor_values<std::int32_t>(*file, "positions" + suffix, TensorType::i32);
        prompt.logits = tensor_values<float>(*file, "logits" + suffix, TensorType::f32);
        for (float value : prompt.logits) {
            sum += value;
            squares += static_cast<double>(value) * value;
            ++count;
        }
        expected.prompts.push_back(std::move(prompt));
    }
    expected.greedy = tensor_values<std::int32_t>(*file, "greedy", TensorType::i32);
    expected.margins = tensor_values<float>(*file, "greedy_margins", TensorType::f32);
    expected.deviation = std::sqrt(squares / count - (sum / count) * (sum / count));
    return expected;
}

}  // namespace pellucid::test
