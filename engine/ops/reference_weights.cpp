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
        const auto loaded = source_.load(*view);
        if (!loaded) {
            error_ = loaded.error();
            return {};
        }
        auto made = WeightMatrix::make(loaded->view, keep, loaded->made);
        if (!made) {
            error_ = made.error();
            return {};
        }
        bytes_ += made->bytes();
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
    ReferenceLinear linear(const Linear& part) {
        return {matrix(part.weight, keep_), vector(part.bias), part.weight};
    }
    ReferenceNorm norm(const Norm& part) { return {vector(part.weight), vector(part.bias)}; }
    WeightMatrix matrix(const std::string& name) { return matrix(name, keep_); }

    const std::optional<Error>& error() const { return error_; }
    std::uint64_t bytes() const { return bytes_; }

private:
    const WeightSource& source_;
    bool keep_;
    std::uint64_t bytes_ = 0;
    std::optional<Error> error_;
};

ReferenceFeedForward load_feed_forward(Loader& load, const FeedForward& spec) {
    return {load.linear(spec.gate), load.linear(spec.up), load.linear(spec.gate_up), load.linear(spec.down)};
}

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
    layer.sinks = load.vector(attention.sinks);
    layer.output = load.linear(spec.latent.present() ? spec.latent.output : attention.output);
    const LatentAttention& latent = spec.latent;
    layer.latent = {load.linear(latent.q),       load.linear(latent.q_down),  load.linear(latent.q_up),
                    load.linear(latent.kv_down), load.norm(latent.q_norm),    load.norm(latent.latent_norm),
                    load.matrix(latent.key_up),  load.matrix(latent.value_up)};
    layer.convolution = {load.linear(spec.convolution.in), load.linear(spec.convolution.out),
                         load.matrix(spec.convolution.kernel)};
    layer.feed_forward = load_feed_forward(load, spec.feed_forward);
    const Experts& experts = spec.experts;
    layer.experts = {load.linear(experts.router.scores), load.vector(experts.router.selection_bias),
                     load.linear(experts.gate),          load.linear(experts.up),
                     load.linear(experts.down),          load_feed_forward(load, experts.shared),
                     load.linear(experts.shared_gate)};
    return layer;
}

}  // namespace

Result<ReferenceModel> load_reference_model(std::shared_ptr<const ModelSpec> spec,
                                            std::shared_ptr<const WeightSource> source, bool keep,
                                            const PrepareOptions& options) {
    ReferenceModel model;
    Loader load(*source, keep);
    model.embedding = load.matrix(spec->embedding);
    model.next_embedding_norm = load.norm(spec->next_input.embedding_norm);
    model.next_hidden_norm = load.norm(spec->next_input.hidden_norm);
    model.next_project = load.linear(spec->next_input.project);
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
    model.bytes = load.bytes();
    if (options.progress) options.progress(1);
    return model;
}

}  // namespace pellucid
