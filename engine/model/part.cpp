#include "engine/model/part.h"

namespace pellucid {

namespace {

void drop_attention(Layer& layer) {
    layer.attention_norm = {};
    layer.attention = {};
    layer.latent = {};
    layer.convolution = {};
    layer.attention_post_norm = {};
}

void drop_feed_forward(Layer& layer) {
    layer.feed_forward_norm = {};
    layer.feed_forward = {};
    layer.experts = {};
    layer.feed_forward_post_norm = {};
}

void drop_routed(Experts& experts) {
    FeedForward shared = std::move(experts.shared);
    Linear gate = std::move(experts.shared_gate);
    experts = {};
    experts.shared = std::move(shared);
    experts.shared_gate = std::move(gate);
}

}  // namespace

ModelSpec part_of(const ModelSpec& whole, const ModelPart& part) {
    ModelSpec spec = whole;
    spec.next_layers.clear();
    if (!part.embedding) {
        spec.next_input = {};
        if (!(part.head && whole.head.tied)) spec.embedding.clear();
    }
    if (!part.head) spec.head = {};
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
        Layer& layer = spec.layers[i];
        if (part.halves[2 * i] == HalfShare::none) drop_attention(layer);
        switch (part.halves[2 * i + 1]) {
            case HalfShare::none:
                drop_feed_forward(layer);
                break;
            case HalfShare::routed:
                layer.experts.shared = {};
                layer.experts.shared_gate = {};
                break;
            case HalfShare::shared:
                drop_routed(layer.experts);
                break;
            case HalfShare::all:
                break;
        }
    }
    return spec;
}

bool has_half(const ModelSpec& spec, int half) {
    const Layer& layer = spec.layers[static_cast<std::size_t>(half / 2)];
    if (half % 2 == 0)
        return layer.attention.present() || layer.latent.present() || layer.convolution.present();
    return layer.feed_forward.present() || layer.experts.present() || layer.experts.shared.present();
}

bool is_whole(const ModelSpec& spec) {
    if (spec.embedding.empty() || !spec.head.present()) return false;
    for (int half = 0; half < 2 * spec.n_layers(); ++half) {
        const Layer& layer = spec.layers[static_cast<std::size_t>(half / 2)];
        if (!has_half(spec, half) || layer.mixed() != layer.routed()) return false;
    }
    return true;
}

bool splits(const Layer& layer) {
    return layer.routed() && layer.experts.shared.present() && !layer.feed_forward_post_norm.present();
}

}  // namespace pellucid
