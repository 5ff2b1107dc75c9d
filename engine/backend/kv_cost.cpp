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

}  // namespace pellucid
