#include "engine/ops/reference_weights.h"

#include <functional>

namespace pellucid {
namespace {

/// Loads parts and remembers the first failure.
class Loader {
public:
    Loader(const WeightSource& source, bool keep) : source_(source), keep_(keep) {}

    WeightMatrix matrix(const std::string& name, bool keep) {
        if (name.empty() || error_) return {};
        const TensorView* view = source_.find(name);
        if (!view) {
            error_ =
                Error{ErrorCode::not_found, "tensor " + name + " is missing", "the model file is incomplete"};
            return {};
        }
        auto made = WeightMatrix::make(*view, keep);
        if (!made) {
            error_ = made.error();
            return {};
        }
        return *std::move(made);
    }
    std::vector<float> vector(const std::string& name) {
        const WeightMatrix values = matrix(name, false);
        std::vector<float> scratch;
        std::vector<float> result;
        if (name.empty() || error_) return result;
        for (std::int64_t r = 0; r < values.rows(); ++r) {
            const auto row = values.row(r, scratch);
            result.insert(result.end(), row.begin(), row.end());
        }
        return result;
    }
    ReferenceLinear linear(const Linear& part) { return {matrix(part.weight, keep_), vector(part.bias)}; }
    ReferenceNorm norm(const Norm& part) { return {vector(part.weight), vector(part.bias)}; }
    WeightMatrix matrix(const std::string& name) { return matrix(name, keep_); }

    const std::optional<Error>& error() const { return error_; }

private:
    const WeightSource& source_;
    bool keep_;
    std::optional<Error> error_;
};

ReferenceLayer load_layer(Loader& load, const Layer& spec) {
    ReferenceLayer layer;
    const Attention& attention = spec.attention;
    layer.attention_norm = load.norm(spec.attention_norm);
    layer.q_norm = load.norm(attention.q_norm);
    layer.k_norm = load.norm(attention.k_norm);
    layer.attention_post_norm = load.norm(spec.attention_post_norm);
    layer.feed_forward_norm = load.norm(spec.feed_forward_norm);
    layer.feed_forward_post_norm = load.norm(spec.feed_forward_post_norm);
    layer.q = load.linear(attention.q);
    layer.k = load.linear(attention.k);
    layer.v = load.linear(attention.v);
    layer.qkv = load.linear(attention.qkv);
    layer.output = load.linear(attention.output);
    layer.gate = load.linear(spec.feed_forward.gate);
    layer.up = load.linear(spec.feed_forward.up);
    layer.gate_up = load.linear(spec.feed_forward.gate_up);
    layer.down = load.linear(spec.feed_forward.down);
    return layer;
}

}  // namespace

std::uint64_t ReferenceModel::bytes() const {
    std::uint64_t total = embedding.bytes() + head.bytes();
    for (const ReferenceLayer& layer : layers)
        for (const ReferenceLinear* part : {&layer.q, &layer.k, &layer.v, &layer.qkv, &layer.output,
                                            &layer.gate, &layer.up, &layer.gate_up, &layer.down})
            total += part->weight.bytes();
    return total;
}

Result<ReferenceModel> load_reference_model(std::shared_ptr<const ModelSpec> spec,
                                            std::shared_ptr<const WeightSource> source, bool keep,
                                            const PrepareOptions& options) {
    ReferenceModel model;
    Loader load(*source, keep);
    model.embedding = load.matrix(spec->embedding);
    for (const Rope& rope : spec->ropes) {
        model.rope_factors.push_back(load.vector(rope.frequency_factors));
        model.rope_long_factors.push_back(load.vector(rope.long_factors));
    }
    for (const Layer& layer : spec->layers) {
        if (options.cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
        model.layers.push_back(load_layer(load, layer));
        if (load.error()) break;
        if (options.progress)
            options.progress(static_cast<double>(model.layers.size()) / (spec->n_layers() + 1));
    }
    model.head_norm = load.norm(spec->head.norm);
    if (!spec->head.tied) model.head = load.matrix(spec->head.output.weight);
    model.head_bias = load.vector(spec->head.output.bias);
    if (load.error()) return fail(*load.error());
    model.spec = std::move(spec);
    model.source = std::move(source);
    if (options.progress) options.progress(1);
    return model;
}

}  // namespace pellucid
