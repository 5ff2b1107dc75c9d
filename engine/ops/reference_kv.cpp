#include "engine/ops/reference_kv.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/half.h"

namespace pellucid {

void round_to_kv_format(KvFormat format, std::span<float> head) {
    if (format == KvFormat::f32) return;
    if (format == KvFormat::f16) {
        for (float& value : head) value = half_to_float(float_to_half(value));
        return;
    }
    for (std::size_t begin = 0; begin < head.size(); begin += 32) {
        const std::span<float> block = head.subspan(begin, std::min<std::size_t>(32, head.size() - begin));
        float largest = 0;
        for (float value : block) largest = std::max(largest, std::abs(value));
        const float scale = half_to_float(float_to_half(largest / 127));
        for (float& value : block)
            value = scale > 0 ? std::clamp(std::round(value / scale), -127.0f, 127.0f) * scale : 0;
    }
}

ReferenceKv::ReferenceKv(const ModelSpec& spec, const RunnerOptions& options)
    : page_tokens_(static_cast<std::size_t>(options.page_tokens)) {
    for (const Layer& layer : spec.layers) {
        LayerCache cache;
        cache.head_dim = static_cast<std::size_t>(layer.attention.head_dim);
        cache.position_width = static_cast<std::size_t>(layer.attention.kv_width());
        const std::size_t size =
            static_cast<std::size_t>(options.pages) * page_tokens_ * cache.position_width;
        // NaN, so that reading what was never written shows.
        cache.keys.assign(size, std::numeric_limits<float>::quiet_NaN());
        cache.values.assign(size, std::numeric_limits<float>::quiet_NaN());
        layers_.push_back(std::move(cache));
    }
}

void ReferenceKv::copy(const PageCopy& copy) {
    for (LayerCache& cache : layers_) {
        const std::size_t page = page_tokens_ * cache.position_width;
        const std::size_t from = static_cast<std::size_t>(copy.from) * page;
        const std::size_t to = static_cast<std::size_t>(copy.to) * page;
        const std::size_t count = static_cast<std::size_t>(copy.tokens) * cache.position_width;
        for (std::vector<float>* store : {&cache.keys, &cache.values}) {
            float* data = store->data();
            std::copy(data + from, data + from + count, data + to);
        }
    }
}

std::size_t ReferenceKv::offset(const LayerCache& cache, const BatchSequence& sequence, int position,
                                int head) const {
    const auto at = static_cast<std::size_t>(position);
    const auto page = static_cast<std::size_t>(sequence.pages[at / page_tokens_]);
    return (page * page_tokens_ + at % page_tokens_) * cache.position_width +
           static_cast<std::size_t>(head) * cache.head_dim;
}

std::span<float> ReferenceKv::key(int layer, const BatchSequence& sequence, int position, int head) {
    LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
    return {cache.keys.data() + offset(cache, sequence, position, head), cache.head_dim};
}

std::span<float> ReferenceKv::value(int layer, const BatchSequence& sequence, int position, int head) {
    LayerCache& cache = layers_[static_cast<std::size_t>(layer)];
    return {cache.values.data() + offset(cache, sequence, position, head), cache.head_dim};
}

}  // namespace pellucid
