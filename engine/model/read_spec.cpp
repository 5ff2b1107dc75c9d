#include "engine/model/read_spec.h"

#include <algorithm>
#include <unordered_set>

#include "engine/model/architectures/architectures.h"
#include "engine/model/check_tensors.h"
#include "engine/model/next_layers.h"
#include "engine/model/spec_reader.h"

namespace pellucid {
namespace {

struct Architecture {
    std::string_view name;
    ModelSpec (*read)(SpecReader&);
};

constexpr Architecture architectures[] = {
    {"deepseek2", deepseek2_spec}, {"gemma2", gemma2_spec},     {"gemma3", gemma3_spec},
    {"glm4", glm4_spec},           {"gpt-oss", gpt_oss_spec},   {"granite", granite_spec},
    {"lfm2", lfm2_spec},           {"llama", llama_spec},       {"phi3", phi3_spec},
    {"qwen2", qwen2_spec},         {"qwen2moe", qwen2moe_spec}, {"qwen3", qwen3_spec},
    {"qwen3moe", qwen3moe_spec},   {"smollm3", smollm3_spec},
};

/// Tensors that old converters wrote and every program recomputes.
bool is_relic(std::string_view name) {
    return name == "rope_freqs.weight" || name.ends_with(".attn_rot_embd.weight") ||
           name.ends_with(".rotary_emb.inv_freq");
}

/// Every tensor that the spec names is there, and no other.
Result<void> check_all_tensors(const ModelSpec& spec, const WeightSource& weights, const std::string& file) {
    std::unordered_set<std::string_view> named;
    std::vector<TensorNeed> needs = tensor_needs(spec);
    for (const ModelSpec& next : spec.next_layers)
        std::ranges::copy(tensor_needs(next), std::back_inserter(needs));
    PELLUCID_CHECK(check_tensors(needs, weights, spec.architecture, file));
    for (const TensorNeed& need : needs) named.insert(need.name);
    for (std::string_view name : weights.names())
        if (!named.contains(name) && !is_relic(name))
            return fail(
                ErrorCode::unsupported,
                file + ": tensor " + std::string(name) + " is not part of any " + spec.architecture +
                    " model this version knows",
                "running it without that tensor would give wrong answers; use a newer version or another "
                "model");
    return {};
}

}  // namespace

std::vector<std::string_view> known_architectures() {
    std::vector<std::string_view> names;
    for (const Architecture& architecture : architectures) names.push_back(architecture.name);
    return names;
}

Result<ModelSpec> read_model_spec(const Metadata& metadata, const WeightSource& weights,
                                  const std::string& file) {
    auto name = metadata.string("general.architecture");
    if (!name)
        return fail(name.error().code, file + ": " + name.error().what,
                    "the file does not say what model it holds; choose a language model in GGUF form");
    const auto* known = std::find_if(std::begin(architectures), std::end(architectures),
                                     [&](const Architecture& a) { return a.name == *name; });
    if (known == std::end(architectures)) {
        std::string list;
        for (const Architecture& architecture : architectures)
            list += (list.empty() ? "" : ", ") + std::string(architecture.name);
        return fail(ErrorCode::unsupported, file + ": general.architecture is '" + *name + "'",
                    "this version runs " + list + "; choose such a model or a newer version");
    }
    SpecReader in(metadata, weights, *name, file);
    ModelSpec spec = known->read(in);
    take_next_layers(in, spec);
    if (!in.ok()) return fail(*in.error());
    PELLUCID_CHECK(check_all_tensors(spec, weights, file));
    return spec;
}

}  // namespace pellucid
