#include "engine/model/next_layers.h"

#include <algorithm>

#include "engine/model/decoder.h"

namespace pellucid {
namespace {

ModelSpec next_layer(const SpecReader& in, const ModelSpec& model, const Layer& layer, int index) {
    ModelSpec spec = model;
    spec.next_layers.clear();
    spec.layers = {layer};
    const int n_embd = model.n_embd;
    const float eps = model.head.norm.eps;
    spec.next_input.embedding_norm = rms_norm(block(index, "nextn.enorm.weight"), n_embd, eps);
    spec.next_input.hidden_norm = rms_norm(block(index, "nextn.hnorm.weight"), n_embd, eps);
    spec.next_input.project = linear_layer(block(index, "nextn.eh_proj.weight"), n_embd, 2 * n_embd);
    const std::string embedding = in.optional_tensor(block(index, "nextn.embed_tokens.weight"));
    const std::string output = in.optional_tensor(block(index, "nextn.shared_head_head.weight"));
    const std::string norm = in.optional_tensor(block(index, "nextn.shared_head_norm.weight"));
    if (!embedding.empty()) spec.embedding = embedding;
    if (!output.empty()) spec.head.output = linear_layer(output, model.vocabulary, n_embd);
    if (!norm.empty()) spec.head.norm = rms_norm(norm, n_embd, eps);
    spec.head.tied = spec.head.output.weight == spec.embedding;
    return spec;
}

}  // namespace

void take_next_layers(SpecReader& in, ModelSpec& spec) {
    const int layers = spec.n_layers();
    const int count = in.count_or("nextn_predict_layers", 0, 0, std::max(0, layers - 1));
    if (!in.ok() || count == 0) return;
    std::vector<Layer> last(spec.layers.end() - count, spec.layers.end());
    spec.layers.resize(static_cast<std::size_t>(layers - count));
    for (int i = 0; i < count; ++i)
        if (const int index = layers - count + i; in.has_tensor(block(index, "nextn.eh_proj.weight")))
            spec.next_layers.push_back(next_layer(in, spec, last[static_cast<std::size_t>(i)], index));
}

}  // namespace pellucid
