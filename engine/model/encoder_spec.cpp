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

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
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

Result<void> check_tensors(const EncoderSpec& spec, const WeightSource& weights, const std::string& file) {
    for (const TensorNeed& need : tensor_needs(spec)) {
        const TensorView* tensor = weights.find(need.name);
        if (!tensor)
            return fail(
                ErrorCode::not_found,
                file + ": tensor " + need.name + " is missing from this " + spec.architecture + " model",
                "the file is incomplete; download it again, and if it came in parts choose the whole");
        if (tensor->shape != need.shape)
            return fail(ErrorCode::corrupt,
                        file + ": tensor " + need.name + " has shape " + shape_text(tensor->shape) +
                            ", expected " + shape_text(need.shape),
                        "the file is damaged or is not the model it says; download it again");
    }
    return {};
}

std::string_view to_string(Pooling pooling) {
    return pooling == Pooling::mean ? "mean" : "cls";
}

}  // namespace pellucid
