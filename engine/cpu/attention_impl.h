// Attention of a few queries over the pages of one KV head, with a running maximum and sum (online softmax,
// Milakov and Gimelshein, arXiv 1805.02867), over any Simd. Keys are stored transposed in a page, so scores
// of a vector of positions accumulate without horizontal sums; each load of keys or values serves every
// query.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/cpu/elementwise_impl.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_readers.h"

namespace pellucid::cpu {

template <class V>
struct AttentionLoops {
    using F = typename V::F;
    using E = Elementwise<V>;
    static constexpr int W = V::kWidth;
    static constexpr float kNone = -3.0e38f;  // below every score; finite, so that differences are

    /// One page as a tile reads it.
    struct Page {
        const std::byte *keys, *values;
        const float *key_scales, *value_scales;  // [blocks, page_stride], [page_tokens, blocks]
        std::int64_t value_bytes;                // of a row
        int blocks;                              // of a value
    };

    /// sums += q . k over the dimensions [first, first + n), whose codes and scales begin at `keys` and
    /// `key_scales`, for kChunks vectors of positions.
    template <int kQueries, int kChunks, class R>
    static void score_part(const AttentionTile& tile, const std::byte* keys, const float* key_scales,
                           int first, int n, int c, F (&sums)[kQueries][kChunks]) {
        const std::int64_t stride = tile.page_stride;
        F scales[kChunks];
        for (auto& scale : scales) scale = V::splat(1);
        for (int d = 0; d < n; d += R::kGroup) {
            if constexpr (R::kBlock > 0)
                if (d % R::kBlock == 0)
                    for (int j = 0; j < kChunks; ++j)
                        scales[j] = V::load(key_scales + d / R::kBlock * stride + c + j * W);
            typename R::Raw raw[kChunks];
            for (int j = 0; j < kChunks; ++j) raw[j] = R::load_keys(keys, d, stride, c + j * W);
            for (int i = 0; i < R::kGroup && d + i < n; ++i) {
                F k[kChunks];
                for (int j = 0; j < kChunks; ++j) {
                    k[j] = R::key(raw[j], i);
                    if constexpr (R::kBlock > 0) k[j] *= scales[j];
                }
                for (int q = 0; q < kQueries; ++q) {
                    const F x = V::splat(tile.q[q][first + d + i]);
                    for (int j = 0; j < kChunks; ++j) sums[q][j] = V::fma(x, k[j], sums[q][j]);
                }
            }
        }
    }

    /// The same over a key in tiers.
    template <int kQueries, int kChunks>
    static void score_tiers(const AttentionTile& tile, const Page& page, int c,
                            F (&sums)[kQueries][kChunks]) {
        using Readers = KvReaders<V>;
        const std::byte* keys = page.keys;
        const float* scales = page.key_scales;
        int first = 0;
        for (int part = 0; part < KvTiers::kParts; ++part) {
            const int n = tile.tiers.counts[static_cast<std::size_t>(part)];
            if (n == 0) continue;
            if (part == 0)
                score_part<kQueries, kChunks, typename Readers::Q8>(tile, keys, scales, first, n, c, sums);
            else if (part == 1)
                score_part<kQueries, kChunks, typename Readers::Q4>(tile, keys, scales, first, n, c, sums);
            else if (part == 2)
                score_part<kQueries, kChunks, typename Readers::Q3>(tile, keys, scales, first, n, c, sums);
            else
                score_part<kQueries, kChunks, typename Readers::Q2>(tile, keys, scales, first, n, c, sums);
            first += n;
            keys += n / 8 * KvTiers::kLayouts[static_cast<std::size_t>(part)].bits * tile.page_stride;
            scales += tile.tiers.blocks(part) * tile.page_stride;
        }
    }

    /// scores[q][c …] = q . k for kChunks vectors of positions.
    template <int kQueries, int kChunks, class R>
    static void score_chunks(const AttentionTile& tile, const Page& page, int c) {
        F sums[kQueries][kChunks];
        for (auto& row : sums)
            for (auto& sum : row) sum = V::splat(0);
        bool done = false;
        if constexpr (R::kGroup > 1) {
            done = tile.tiers.present();
            if (done) score_tiers<kQueries, kChunks>(tile, page, c, sums);
        }
        if (!done)
            score_part<kQueries, kChunks, R>(tile, page.keys, page.key_scales, 0, tile.head_dim, c, sums);
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j)
                V::store(tile.scores + q * tile.page_stride + c + j * W, sums[q][j]);
    }

    /// out[q][d …] += sum over positions of scores[q][p] * v[p] for kChunks vectors of dimensions.
    template <int kQueries, int kChunks, class R>
    static void value_chunks(const AttentionTile& tile, const Page& page, int begin, int end, int d) {
        F sums[kQueries][kChunks];
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j) sums[q][j] = V::load(tile.out[q] + d + j * W);
        for (int p = begin; p < end; ++p) {
            const std::byte* row = page.values + p * page.value_bytes;
            F v[kChunks];
            for (int j = 0; j < kChunks; ++j) {
                v[j] = R::value(row, d + j * W);
                if constexpr (R::kBlock > 0)
                    v[j] *= V::splat(page.value_scales[p * page.blocks + (d + j * W) / R::kBlock]);
            }
            for (int q = 0; q < kQueries; ++q) {
                const F weight = V::splat(tile.scores[q * tile.page_stride + p]);
                for (int j = 0; j < kChunks; ++j) sums[q][j] = V::fma(weight, v[j], sums[q][j]);
            }
        }
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j) V::store(tile.out[q] + d + j * W, sums[q][j]);
    }

    /// Scores to weights: caps, mask, running maximum; rescales what was accumulated.
    static void soften(AttentionTile& tile, int q, int page_first, int begin, int end) {
        float* scores = tile.scores + q * tile.page_stride;
        if (tile.soft_cap > 0) E::soft_cap(scores + begin, tile.soft_cap, end - begin);
        // Positions the query does not see lie before `from` or from `to` on.
        const int from = tile.first[q] > page_first + begin ? tile.first[q] - page_first : begin;
        const int to = tile.last[q] + 1 < page_first + end ? tile.last[q] + 1 - page_first : end;
        float top = kNone;
        F tops = V::splat(kNone);
        E::pieces(to - from,
                  [&](std::int64_t i, int m) { tops = V::max(tops, E::load(scores + from + i, m, kNone)); });
        top = V::reduce_max(tops);
        if (top > tile.max[q]) {
            const float shrink = tile.sum[q] > 0 ? std::exp(tile.max[q] - top) : 0.0f;
            tile.max[q] = top;
            tile.sum[q] *= shrink;
            E::scale(tile.out[q], shrink, tile.head_dim);
        }
        const F maximum = V::splat(tile.max[q]);
        F total = V::splat(0);
        E::pieces(to - from, [&](std::int64_t i, int m) {
            F weight = E::exp(E::load(scores + from + i, m, kNone) - maximum);
            E::store(scores + from + i, weight, m);
            total += weight;  // what load() filled in weighs nothing
        });
        tile.sum[q] += V::reduce_add(total);
        for (int p = begin; p < from && p < end; ++p) scores[p] = 0;
        for (int p = to > begin ? to : begin; p < end; ++p) scores[p] = 0;
    }

    /// Where the page lies, its scales as floats.
    template <class R>
    static Page open(const AttentionTile& tile, int logical) {
        const std::int64_t offset = tile.pages[logical] * tile.page_bytes;
        Page page{tile.keys + offset, tile.values + offset, nullptr, nullptr, R::row_bytes(tile.head_dim), 0};
        if constexpr (R::kBlock > 0) {
            page.blocks = (tile.head_dim + R::kBlock - 1) / R::kBlock;
            const int key_blocks = tile.tiers.present()
                                       ? tile.tiers.half_scales() + tile.tiers.byte_scales()
                                       : page.blocks;
            float* keys = tile.scales;
            float* values = keys + key_blocks * tile.page_stride;
            if (tile.tiers.present())
                KvReaders<V>::load_tier_scales(tile.tiers, page.keys + tile.key_scales, tile.page_stride,
                                               keys);
            else
                KvReaders<V>::template load_scales<R>(page.keys + tile.key_scales,
                                                      page.blocks * tile.page_stride, keys);
            KvReaders<V>::template load_scales<R>(page.values + tile.value_scales,
                                                  page.blocks * tile.page_tokens, values);
            page.key_scales = keys;
            page.value_scales = values;
        }
        return page;
    }

    template <int kQueries, class R>
    static void attend_page(AttentionTile& tile, int logical) {
        const int page_first = logical * tile.page_tokens;
        // Positions of this page that any query sees.
        int begin = tile.page_tokens, end = 0;
        for (int q = 0; q < kQueries; ++q) {
            const int from = tile.first[q] - page_first, to = tile.last[q] + 1 - page_first;
            if (from < begin) begin = from;
            if (to > end) end = to;
        }
        if (begin < 0) begin = 0;
        if (end > tile.page_tokens) end = tile.page_tokens;
        if (begin >= end) return;
        const Page page = open<R>(tile, logical);
        constexpr int kChunks = kQueries <= 4 ? (V::kWidth == 16 ? 4 : 2) : (V::kWidth == 16 ? 2 : 1);
        int c = begin / W * W;
        for (; c + (kChunks - 1) * W < end; c += kChunks * W)
            score_chunks<kQueries, kChunks, R>(tile, page, c);
        for (; c < end; c += W) score_chunks<kQueries, 1, R>(tile, page, c);
        for (int q = 0; q < kQueries; ++q) soften(tile, q, page_first, begin, end);
        int d = 0;
        for (; d + kChunks * W <= tile.head_dim; d += kChunks * W)
            value_chunks<kQueries, kChunks, R>(tile, page, begin, end, d);
        for (; d + W <= tile.head_dim; d += W) value_chunks<kQueries, 1, R>(tile, page, begin, end, d);
        for (; d < tile.head_dim; ++d)
            for (int p = begin; p < end; ++p) {
                float v = R::value1(page.values + p * page.value_bytes, d);
                if constexpr (R::kBlock > 0) v *= page.value_scales[p * page.blocks + d / R::kBlock];
                for (int q = 0; q < kQueries; ++q)
                    tile.out[q][d] += tile.scores[q * tile.page_stride + p] * v;
            }
    }

    template <int kQueries, class R>
    static void attend_queries(AttentionTile& tile) {
        for (int q = 0; q < kQueries; ++q) {
            tile.max[q] = kNone;
            tile.sum[q] = 0;
            for (int d = 0; d < tile.head_dim; ++d) tile.out[q][d] = 0;
        }
        for (int logical = tile.begin_page; logical < tile.end_page; ++logical)
            attend_page<kQueries, R>(tile, logical);
    }

    template <class R>
    static void attend_format(AttentionTile& tile) {
        switch (tile.queries) {
            case 1:
                return attend_queries<1, R>(tile);
            case 2:
                return attend_queries<2, R>(tile);
            case 3:
                return attend_queries<3, R>(tile);
            case 4:
                return attend_queries<4, R>(tile);
            case 5:
                return attend_queries<5, R>(tile);
            case 6:
                return attend_queries<6, R>(tile);
            case 7:
                return attend_queries<7, R>(tile);
            default:
                return attend_queries<8, R>(tile);
        }
    }

    static void attend(AttentionTile& tile) {
        using Readers = KvReaders<V>;
        switch (tile.format) {
            case KvFormat::f16:
                return attend_format<typename Readers::template Plain<Half>>(tile);
            case KvFormat::f32:
                return attend_format<typename Readers::template Plain<float>>(tile);
            case KvFormat::q8:
                return attend_format<typename Readers::Q8>(tile);
            case KvFormat::fp8:
                return attend_format<typename Readers::Fp8>(tile);
            case KvFormat::q4:
                return attend_format<typename Readers::Q4>(tile);
            case KvFormat::q3:
                return attend_format<typename Readers::Q3>(tile);
        }
    }
};

}  // namespace pellucid::cpu
