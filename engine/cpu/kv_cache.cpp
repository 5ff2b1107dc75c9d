#include "engine/cpu/kv_cache.h"

#include <cassert>
#include <cstring>

namespace pellucid::cpu {

namespace {

int stride_of(int page_tokens) {
    return (page_tokens + 15) / 16 * 16;
}
std::uint64_t value_size(KvFormat format) {
    return format == KvFormat::f16 ? 2 : 4;
}

std::uint64_t rounded(std::uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

}  // namespace

std::vector<KvCache::LayerPlace> KvCache::places(const ModelSpec& spec, const RunnerOptions& options,
                                                 std::uint64_t& total) {
    std::vector<LayerPlace> places;
    total = 0;
    const std::uint64_t size = value_size(options.kv_format);
    for (const Layer& layer : spec.layers) {
        LayerPlace place;
        place.shape = cache_shape(layer);
        const auto keys = static_cast<std::uint64_t>(place.shape.key_width),
                   values = static_cast<std::uint64_t>(place.shape.value_width);
        // Rows need no padding for vectors of positions.
        const int key_stride = values > 0 ? stride_of(options.page_tokens) : options.page_tokens;
        place.key_bytes = rounded(keys * static_cast<std::uint64_t>(key_stride) * size);
        place.value_bytes = rounded(values * static_cast<std::uint64_t>(options.page_tokens) * size);
        place.page_bytes =
            static_cast<std::uint64_t>(place.shape.heads) * (place.key_bytes + place.value_bytes);
        place.offset = total;
        total += place.page_bytes * static_cast<std::uint64_t>(options.pages);
        places.push_back(place);
    }
    return places;
}

std::uint64_t KvCache::bytes_needed(const ModelSpec& spec, const RunnerOptions& options) {
    std::uint64_t total = 0;
    (void)places(spec, options, total);
    return total;
}

Result<KvCache> KvCache::make(const ModelSpec& spec, const RunnerOptions& options) {
    assert(options.kv_format != KvFormat::q8);
    KvCache cache;
    std::uint64_t total = 0;
    cache.layers_ = places(spec, options, total);
    cache.page_tokens_ = options.page_tokens;
    cache.page_stride_ = stride_of(options.page_tokens);
    cache.half_ = options.kv_format == KvFormat::f16;
    PELLUCID_TRY(cache.data_, AlignedBuffer::allocate(static_cast<std::size_t>(total)));
    return cache;
}

void KvCache::store(const Kernels& kernels, int layer, PageId page, int slot, const float* k,
                    const float* v) {
    const LayerPlace& place = layers_[static_cast<std::size_t>(layer)];
    std::byte* at = data_.data() + place.offset + static_cast<std::uint64_t>(page) * place.page_bytes;
    const int dim = place.shape.key_width;
    for (int head = 0; head < place.shape.heads; ++head, k += dim, v += dim) {
        std::byte* values = at + place.key_bytes;
        if (half_) {
            auto* keys = reinterpret_cast<Half*>(at);
            constexpr int kPiece = 64;
            Half rounded[kPiece];
            for (int d = 0; d < dim; d += kPiece) {
                const int n = dim - d < kPiece ? dim - d : kPiece;
                kernels.to_half(k + d, n, rounded);
                for (int i = 0; i < n; ++i)
                    keys[static_cast<std::int64_t>(d + i) * page_stride_ + slot] = rounded[i];
            }
            kernels.to_half(v, dim, reinterpret_cast<Half*>(values) + static_cast<std::int64_t>(slot) * dim);
        } else {
            auto* keys = reinterpret_cast<float*>(at);
            for (int d = 0; d < dim; ++d) keys[static_cast<std::int64_t>(d) * page_stride_ + slot] = k[d];
            std::memcpy(reinterpret_cast<float*>(values) + static_cast<std::int64_t>(slot) * dim, v,
                        static_cast<std::size_t>(dim) * sizeof(float));
        }
        at += place.key_bytes + place.value_bytes;
    }
}

void KvCache::store_row(const Kernels& kernels, int layer, PageId page, int slot, const float* row) {
    const LayerPlace& place = layers_[static_cast<std::size_t>(layer)];
    std::byte* at = data_.data() + place.offset + static_cast<std::uint64_t>(page) * place.page_bytes;
    const std::int64_t width = place.shape.key_width;
    if (half_)
        kernels.to_half(row, width, reinterpret_cast<Half*>(at) + slot * width);
    else
        std::memcpy(reinterpret_cast<float*>(at) + slot * width, row,
                    static_cast<std::size_t>(width) * sizeof(float));
}

const std::byte* KvCache::rows(int layer, PageId page) const {
    const LayerPlace& place = layers_[static_cast<std::size_t>(layer)];
    return data_.data() + place.offset + static_cast<std::uint64_t>(page) * place.page_bytes;
}

void KvCache::copy(const PageCopy& copy) {
    if (copy.from == copy.to) return;
    for (const LayerPlace& place : layers_) {
        std::byte* base = data_.data() + place.offset;
        std::memcpy(base + static_cast<std::uint64_t>(copy.to) * place.page_bytes,
                    base + static_cast<std::uint64_t>(copy.from) * place.page_bytes, place.page_bytes);
    }
}

void KvCache::locate(int layer, int kv_head, AttentionTile& tile) const {
    const LayerPlace& place = layers_[static_cast<std::size_t>(layer)];
    tile.keys = data_.data() + place.offset +
                static_cast<std::uint64_t>(kv_head) * (place.key_bytes + place.value_bytes);
    tile.values = tile.keys + place.key_bytes;
    tile.page_bytes = static_cast<std::int64_t>(place.page_bytes);
    tile.half = half_;
    tile.head_dim = place.shape.key_width;
    tile.page_tokens = page_tokens_;
    tile.page_stride = page_stride_;
}

}  // namespace pellucid::cpu
