#include "engine/backend/kv_cost.h"

namespace pellucid {

KvFormat cache_format(const Layer& layer, KvFormat format) {
    return layer.convolution.present() && has_scales(format) ? KvFormat::q8 : format;
}

std::uint64_t kv_bytes_per_token(const ModelSpec& spec, KvFormat format) {
    std::uint64_t bytes = 0;
    for (const Layer& layer : spec.layers) {
        const CacheShape shape = cache_shape(layer);
        const KvFormat own = cache_format(layer, format);
        const int first = shape.split > 0 ? shape.split : shape.key_width;
        bytes += static_cast<std::uint64_t>(shape.heads) *
                 (kv_vector_bytes(own, first) + kv_vector_bytes(own, shape.key_width - first) +
                  kv_vector_bytes(own, shape.value_width));
    }
    return bytes;
}

bool takes_basis(const Layer& layer, KvFormat format) {
    return layer.attention.present() && takes_basis(format, layer.attention.head_dim);
}

std::uint64_t kv_bases_bytes(const ModelSpec& spec, KvFormat format) {
    std::uint64_t bytes = 0;
    for (const Layer& layer : spec.layers)
        if (takes_basis(layer, format))
            bytes += static_cast<std::uint64_t>(layer.attention.kv_heads) * 2 * sizeof(float) *
                     static_cast<std::uint64_t>(layer.attention.head_dim) *
                     static_cast<std::uint64_t>(layer.attention.head_dim);
    return bytes;
}

}  // namespace pellucid
