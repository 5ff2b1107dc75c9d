// LFM2 (Liquid AI, arXiv 2511.23404): most layers mix positions by a gated short convolution, the others by
// grouped-query attention with query and key norms. A layer without KV heads is a convolution.
#include "engine/model/architectures/architectures.h"
#include "engine/model/decoder.h"

namespace pellucid {
namespace {

ShortConvolution convolution(int layer, int length, int n_embd) {
    ShortConvolution result;
    result.length = length;
    result.width = n_embd;
    result.in = linear_layer(block(layer, "shortconv.in_proj.weight"), 3 * n_embd, n_embd);
    result.kernel = block(layer, "shortconv.conv.weight");
    result.out = linear_layer(block(layer, "shortconv.out_proj.weight"), n_embd, n_embd);
    return result;
}

}  // namespace

ModelSpec lfm2_spec(SpecReader& in) {
    const DecoderShape shape = read_shape(in, {.layers_without_heads = true});
    ModelSpec spec = start_decoder(in, shape);
    // Its converters call the norm before the head after its place in the training code.
    spec.head.norm.weight = "token_embd_norm.weight";
    const int positions = add_rope(spec, read_rope(in, shape, RopeLayout::half));
    const int length = in.count("shortconv.l_cache", 1, 1024);
    for (int i = 0; i < shape.layers; ++i) {
        const bool attends = shape.kv_heads[static_cast<std::size_t>(i)] > 0;
        Layer layer = decoder_layer(shape, i, positions);
        if (attends) {
            add_qk_norm(layer, i, shape.eps);
        } else {
            layer.attention = {};
            layer.convolution = convolution(i, length, shape.n_embd);
        }
        spec.layers.push_back(std::move(layer));
    }
    return spec;
}

}  // namespace pellucid
