#include "engine/model/encoder_spec.h"

namespace pellucid {

namespace {

void add(std::vector<TensorNeed>& needs, const std::string& name, std::vector<std::int64_t> shape) {
    if (!name.empty()) needs.push_back({name, std::move(shape)});
}
void add(std::vector<TensorNeed>& needs, const Linear& part) {
    if (!part.present()) return;
    add(needs, part.weight, {part.out, part.in});
    add(needs, part.bias, {part.out});
}
void add(std::vector<TensorNeed>& needs, const Norm& part) {
    add(needs, part.weight, {part.width});
    add(needs, part.bias, {part.width});
}

}  // namespace

std::vector<TensorNeed> tensor_needs(const EncoderSpec& spec) {
    std::vector<TensorNeed> needs;
    add(needs, spec.embedding, {spec.vocabulary, spec.n_embd});
    add(needs, spec.position_embedding, {spec.first_position + spec.positions, spec.n_embd});
    add(needs, spec.type_embedding, {spec.types, spec.n_embd});
    add(needs, spec.embedding_norm);
    for (const EncoderLayer& layer : spec.layers) {
        for (const Linear* part : {&layer.q, &layer.k, &layer.v, &layer.qkv, &layer.output})
            add(needs, *part);
        add(needs, layer.attention_norm);
        add(needs, layer.up);
        add(needs, layer.down);
        add(needs, layer.output_norm);
    }
    return needs;
}

std::int64_t parameter_count(const EncoderSpec& spec) {
    std::int64_t count = 0;
    for (const TensorNeed& need : tensor_needs(spec)) {
        std::int64_t values = 1;
        for (const std::int64_t extent : need.shape) values *= extent;
        count += values;
    }
    return count;
}

std::string_view to_string(Pooling pooling) {
    return pooling == Pooling::mean ? "mean" : "cls";
}

}  // namespace pellucid
