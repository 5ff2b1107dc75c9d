#include "engine/ops/reference_kv.h"

#include <algorithm>
#include <limits>

#include "engine/base/half.h"
#include "engine/quant/kv_codec.h"

namespace pellucid {

void round_to_kv_format(KvFormat format, std::span<float> head) {
    if (format == KvFormat::f32) return;
    if (format == KvFormat::f16) {
        for (float& value : head) value = half_to_float(float_to_half(value));
        return;
    }
    const bool rotated = kv_layout(format).rotated;
    const int n = static_cast<int>(head.size());
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(kv_code_bytes(format, n)));
    std::vector<std::byte> scales(
        static_cast<std::size_t>(kv_scales(format, n) * kv_layout(format).scale_bytes));
    if (rotated) kv_rotate(head);
    kv_encode(format, head, codes.data(), scales.data());
    kv_decode(format, codes.data(), scales.data(), head);
    if (rotated) kv_rotate_back(head);
}

void round_in_basis(const KvBasis& basis, std::span<float> key) {
    std::vector<float> y(key.size());
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(basis.tiers.code_bytes()));
    std::vector<std::byte> scales(
        static_cast<std::size_t>(2 * basis.tiers.half_scales() + basis.tiers.byte_scales()));
    basis.key_to_codes(key, y);
    kv_encode_tiers(basis.tiers, y, codes.data(), scales.data());
    kv_decode_tiers(basis.tiers, codes.data(), scales.data(), y);
    basis.codes_to_key(y, key);
}

ReferenceKv::ReferenceKv(const ModelSpec& spec, const RunnerOptions& options)
    : page_tokens_(static_cast<std::size_t>(options.page_tokens)) {
    for (const Layer& layer : spec.layers) {
        const CacheShape shape = cache_shape(layer);
        LayerCache cache;
        cache.heads = static_cast<std::size_t>(shape.heads);
        cache.key_width = static_cast<std::size_t>(shape.key_width);
        cache.value_width = static_cast<std::size_t>(shape.value_width);
        const std::size_t heads = static_cast<std::size_t>(options.pages) * page_tokens_ * cache.heads;
        // NaN, so that reading what was never written shows.
        cache.keys.assign(heads * cache.key_width, std::numeric_limits<float>::quiet_NaN());
        cache.values.assign(heads * cache.value_width, std::numeric_limits<float>::quiet_NaN());
        layers_.push_back(std::move(cache));
    }
}

void ReferenceKv::copy(const PageCopy& copy) {
    const auto move = [&](std::vector<float>& store, std::size_t position_width) {
        const std::size_t page = page_tokens_ * position_width;
        const std::size_t from = static_cast<std::size_t>(copy.from) * page;
        const std::size_t to = static_cast<std::size_t>(copy.to) * page;
        const std::size_t count = static_cast<std::size_t>(copy.tokens) * position_width;
        float* data = store.data();
        std::copy(data + from, data + from + count, data + to);
    };
    for (LayerCache& cache : layers_) {
        move(cache.keys, cache.heads * cache.key_width);
        move(cache.values, cache.heads * cache.value_width);
    }
}

std::size_t ReferenceKv::index(const LayerCache& cache, const BatchSequence& sequence, int position,
                               int head) const {
    const auto at = static_cast<std::size_t>(position);
    const auto page = static_cast<std::size_t>(sequence.pages[at / page_tokens_]);
    return (page * page_tokens_ + at % page_tokens_) * cache.heads + static_cast<std::size_t>(head);
}

std::span<float> ReferenceKv::key(int layer, const BatchSequence& sequence, int position, int head) {
    LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
    return std::span(cache.keys)
        .subspan(index(cache, sequence, position, head) * cache.key_width, cache.key_width);
}

std::span<float> ReferenceKv::value(int layer, const BatchSequence& sequence, int position, int head) {
    LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
    return std::span(cache.values)
        .subspan(index(cache, sequence, position, head) * cache.value_width, cache.value_width);
}

}  // namespace pellucid
