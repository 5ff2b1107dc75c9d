#include "engine/cpu/kv_cache.h"

#include <algorithm>
#include <cstring>

#include "engine/backend/kv_cost.h"
#include "engine/quant/kv_codec.h"

namespace pellucid::cpu {

namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}
std::uint64_t u(std::int64_t n) {
    return static_cast<std::uint64_t>(n);
}
int stride_of(int page_tokens) {
    return (page_tokens + 15) / 16 * 16;
}
std::uint64_t rounded(std::uint64_t bytes) {
    return (bytes + 63) / 64 * 64;
}

// A vector's codes and scales on their way into a page; wider vectors are stored in pieces of whole blocks.
constexpr int kPieceValues = 512;
constexpr int kPieceScales = kPieceValues / 32 * 2;

}  // namespace

void multiply(const Kernels& kernels, const float* matrix, int width, const float* x, int count, float* y) {
    for (int row = 0; row < width; row += kTileRows)
        kernels.dense_f32(matrix + std::int64_t{row} * width, width, x, width, count, nullptr, y + row, width,
                          std::min(kTileRows, width - row));
}

KvCache::Part KvCache::part_of(KvFormat format, int width, int split, int positions) {
    Part part;
    part.width = width;
    part.split = split;
    const int first = split > 0 ? split : width;
    part.codes = kv_code_bytes(format, first) + kv_code_bytes(format, width - first);
    part.scales = kv_scales(format, first) + kv_scales(format, width - first);
    part.scale_offset = rounded(u(part.codes) * u(positions));
    part.bytes =
        part.scale_offset + rounded(u(part.scales) * u(kv_layout(format).scale_bytes) * u(positions));
    return part;
}

std::vector<KvCache::LayerPlace> KvCache::places(const ModelSpec& spec, const RunnerOptions& options,
                                                 std::uint64_t& total) {
    std::vector<LayerPlace> places;
    total = 0;
    for (const Layer& layer : spec.layers) {
        LayerPlace place;
        place.shape = cache_shape(layer);
        place.format = cache_format(layer, options.kv_format);
        const CacheShape& shape = place.shape;
        if (shape.value_width > 0) {
            place.keys = part_of(place.format, shape.key_width, 0, stride_of(options.page_tokens));
            place.values = part_of(place.format, shape.value_width, 0, options.page_tokens);
        } else {
            place.values = part_of(place.format, shape.key_width, shape.split, options.page_tokens);
        }
        place.page_bytes = u(shape.heads) * (place.keys.bytes + place.values.bytes);
        place.offset = total;
        total += place.page_bytes * u(options.pages);
        places.push_back(place);
    }
    // Readers of packed codes take a few bytes more than they use.
    if (has_scales(options.kv_format)) total += 64;
    return places;
}

std::uint64_t KvCache::bytes_needed(const ModelSpec& spec, const RunnerOptions& options) {
    std::uint64_t total = 0;
    (void)places(spec, options, total);
    return total;
}

Result<KvCache> KvCache::make(const ModelSpec& spec, const RunnerOptions& options) {
    KvCache cache;
    std::uint64_t total = 0;
    cache.layers_ = places(spec, options, total);
    cache.bases_ = options.kv_bases;
    cache.page_tokens_ = options.page_tokens;
    cache.page_stride_ = stride_of(options.page_tokens);
    PELLUCID_TRY(cache.data_, AlignedBuffer::allocate(static_cast<std::size_t>(total)));
    return cache;
}

bool KvCache::rotated(int layer) const {
    return kv_layout(layers_[size(layer)].format).rotated;
}

const KvBasis* KvCache::basis(int layer, int kv_head) const {
    return bases_ && rotated(layer) && layers_[size(layer)].keys.width > 0 ? bases_->find(layer, kv_head)
                                                                           : nullptr;
}

std::uint64_t KvCache::page_offset(const LayerPlace& place, PageId page) {
    return place.offset + u(page) * place.page_bytes;
}

void KvCache::store_key(const Kernels& kernels, const LayerPlace& place, std::byte* to, int slot,
                        float* k) const {
    const int dim = place.keys.width;
    const std::int64_t stride = page_stride_;
    if (place.format == KvFormat::f32) {
        auto* keys = reinterpret_cast<float*>(to);
        for (int d = 0; d < dim; ++d) keys[d * stride + slot] = k[d];
        return;
    }
    const KvLayout layout = kv_layout(place.format);
    if (layout.rotated) kv_rotate({k, size(dim)});
    auto* codes = reinterpret_cast<std::uint8_t*>(to) + slot;
    std::byte* scales = to + place.keys.scale_offset + slot * layout.scale_bytes;
    for (int d = 0; d < dim; d += kPieceValues) {
        const int n = std::min(kPieceValues, dim - d);
        if (place.format == KvFormat::f16) {
            Half halves[kPieceValues];
            kernels.to_half(k + d, n, halves);
            auto* keys = reinterpret_cast<Half*>(to);
            for (int i = 0; i < n; ++i) keys[(d + i) * stride + slot] = halves[i];
            continue;
        }
        std::uint8_t piece[kPieceValues];
        std::byte piece_scales[kPieceScales];
        kv_encode(place.format, {k + d, size(n)}, piece, piece_scales);
        for (int i = 0; i < kv_code_bytes(place.format, n); ++i, codes += stride) *codes = piece[i];
        for (int i = 0; i < kv_scales(place.format, n); ++i, scales += stride * layout.scale_bytes)
            std::memcpy(scales, piece_scales + i * layout.scale_bytes, size(layout.scale_bytes));
    }
}

void KvCache::store_in_tiers(const Kernels& kernels, const KvBasis& basis, std::byte* to, int slot,
                             const float* k) const {
    const KvTiers& tiers = basis.tiers;
    const std::int64_t stride = page_stride_;
    float y[kWidestBasis];
    std::uint8_t codes[kWidestBasis];
    std::byte scales[kWidestBasis / 16 + 2 * KvTiers::kParts];
    multiply(kernels, basis.to_codes.data(), basis.width, k, 1, y);
    kv_encode_tiers(tiers, {y, size(basis.width)}, codes, scales);
    const int code_bytes = tiers.code_bytes(), halves = tiers.half_scales();
    for (int i = 0; i < code_bytes; ++i) to[i * stride + slot] = static_cast<std::byte>(codes[i]);
    to += code_bytes * stride;
    for (int i = 0; i < halves; ++i) std::memcpy(to + 2 * (i * stride + slot), scales + 2 * i, 2);
    to += 2 * halves * stride;
    for (int i = 0; i < tiers.byte_scales(); ++i) to[i * stride + slot] = scales[2 * halves + i];
}

void KvCache::store_value(const Kernels& kernels, const LayerPlace& place, std::byte* to, int slot,
                          float* v) {
    const Part& part = place.values;
    const std::int64_t width = part.width;
    if (place.format == KvFormat::f16)
        return kernels.to_half(v, width, reinterpret_cast<Half*>(to) + slot * width);
    if (place.format == KvFormat::f32) {
        std::memcpy(reinterpret_cast<float*>(to) + slot * width, v, size(width) * sizeof(float));
        return;
    }
    const KvLayout layout = kv_layout(place.format);
    auto* codes = reinterpret_cast<std::uint8_t*>(to) + std::int64_t{slot} * part.codes;
    std::byte* scales = to + part.scale_offset + std::int64_t{slot} * part.scales * layout.scale_bytes;
    const int first = part.split > 0 ? part.split : part.width;
    for (const std::span<float> vector :
         {std::span(v, size(first)), std::span(v + first, size(width - first))}) {
        if (layout.rotated) kv_rotate(vector);
        kv_encode(place.format, vector, codes, scales);
        const int n = static_cast<int>(vector.size());
        codes += kv_code_bytes(place.format, n);
        scales += kv_scales(place.format, n) * layout.scale_bytes;
    }
}

void KvCache::store(const Kernels& kernels, int layer, PageId page, int slot, float* k, float* v) {
    const LayerPlace& place = layers_[size(layer)];
    std::byte* at = data_.data() + page_offset(place, page);
    for (int head = 0; head < place.shape.heads; ++head, k += place.keys.width, v += place.values.width) {
        if (const KvBasis* own = basis(layer, head))
            store_in_tiers(kernels, *own, at, slot, k);
        else
            store_key(kernels, place, at, slot, k);
        store_value(kernels, place, at + place.keys.bytes, slot, v);
        at += place.keys.bytes + place.values.bytes;
    }
}

void KvCache::store_row(const Kernels& kernels, int layer, PageId page, int slot, float* row) {
    const LayerPlace& place = layers_[size(layer)];
    store_value(kernels, place, data_.data() + page_offset(place, page), slot, row);
}

void KvCache::read_rows(const Kernels& kernels, int layer, PageId page, int first, int n, float* out) const {
    const LayerPlace& place = layers_[size(layer)];
    const Part& part = place.values;
    const std::byte* at = data_.data() + page_offset(place, page);
    const std::int64_t width = part.width;
    if (place.format == KvFormat::f16)
        return kernels.from_half(reinterpret_cast<const Half*>(at) + first * width, n * width, out);
    if (place.format == KvFormat::f32) {
        std::memcpy(out, reinterpret_cast<const float*>(at) + first * width, size(n * width) * sizeof(float));
        return;
    }
    const KvLayout layout = kv_layout(place.format);
    const int head = part.split > 0 ? part.split : part.width;
    for (int row = first; row < first + n; ++row) {
        const auto* codes = reinterpret_cast<const std::uint8_t*>(at) + std::int64_t{row} * part.codes;
        const std::byte* scales =
            at + part.scale_offset + std::int64_t{row} * part.scales * layout.scale_bytes;
        for (const int count : {head, part.width - head}) {
            kernels.kv_decode(place.format, codes, scales, count, out);
            codes += kv_code_bytes(place.format, count);
            scales += kv_scales(place.format, count) * layout.scale_bytes;
            out += count;
        }
    }
}

void KvCache::copy(const PageCopy& copy) {
    if (copy.from == copy.to) return;
    for (const LayerPlace& place : layers_)
        std::memcpy(data_.data() + page_offset(place, copy.to), data_.data() + page_offset(place, copy.from),
                    place.page_bytes);
}

void KvCache::locate(int layer, int kv_head, AttentionTile& tile) const {
    const LayerPlace& place = layers_[size(layer)];
    tile.keys = data_.data() + page_offset(place, 0) + u(kv_head) * (place.keys.bytes + place.values.bytes);
    tile.values = tile.keys + place.keys.bytes;
    tile.key_scales = static_cast<std::int64_t>(place.keys.scale_offset);
    tile.tiers = {};
    if (const KvBasis* own = basis(layer, kv_head)) {
        tile.tiers = own->tiers;
        tile.key_scales = std::int64_t{own->tiers.code_bytes()} * page_stride_;
    }
    tile.value_scales = static_cast<std::int64_t>(place.values.scale_offset);
    tile.page_bytes = static_cast<std::int64_t>(place.page_bytes);
    tile.format = place.format;
    tile.head_dim = place.shape.key_width;
    tile.page_tokens = page_tokens_;
    tile.page_stride = page_stride_;
}

}  // namespace pellucid::cpu
