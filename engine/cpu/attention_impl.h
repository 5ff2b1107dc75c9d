// Attention of a few queries over the pages of one KV head, with a running maximum and sum (online softmax,
// Milakov and Gimelshein, arXiv 1805.02867), over any Simd. Keys are stored transposed in a page, so scores
// of a vector of positions accumulate without horizontal sums; each load of keys or values serves every
// query.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/cpu/elementwise_impl.h"
#include "engine/cpu/kernels.h"

namespace pellucid::cpu {

template <class V>
struct AttentionLoops {
    using F = typename V::F;
    using E = Elementwise<V>;
    static constexpr int W = V::kWidth;
    static constexpr float kNone = -3.0e38f;  // below every score; finite, so that differences are

    /// scores[q][c …] = q . k for kChunks vectors of positions.
    template <int kQueries, int kChunks, typename T>
    static void score_chunks(const AttentionTile& tile, const T* keys, int c) {
        F sums[kQueries][kChunks];
        for (auto& row : sums)
            for (auto& sum : row) sum = V::splat(0);
        for (int d = 0; d < tile.head_dim; ++d) {
            F k[kChunks];
            for (int j = 0; j < kChunks; ++j) k[j] = V::load(keys + d * tile.page_stride + c + j * W);
            for (int q = 0; q < kQueries; ++q) {
                const F x = V::splat(tile.q[q][d]);
                for (int j = 0; j < kChunks; ++j) sums[q][j] = V::fma(x, k[j], sums[q][j]);
            }
        }
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j)
                V::store(tile.scores + q * tile.page_stride + c + j * W, sums[q][j]);
    }

    /// out[q][d …] += sum over positions of scores[q][p] * v[p] for kChunks vectors of dimensions.
    template <int kQueries, int kChunks, typename T>
    static void value_chunks(const AttentionTile& tile, const T* values, int begin, int end, int d) {
        F sums[kQueries][kChunks];
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j) sums[q][j] = V::load(tile.out[q] + d + j * W);
        for (int p = begin; p < end; ++p) {
            F v[kChunks];
            for (int j = 0; j < kChunks; ++j)
                v[j] = V::load(values + static_cast<std::int64_t>(p) * tile.head_dim + d + j * W);
            for (int q = 0; q < kQueries; ++q) {
                const F weight = V::splat(tile.scores[q * tile.page_stride + p]);
                for (int j = 0; j < kChunks; ++j) sums[q][j] = V::fma(weight, v[j], sums[q][j]);
            }
        }
        for (int q = 0; q < kQueries; ++q)
            for (int j = 0; j < kChunks; ++j) V::store(tile.out[q] + d + j * W, sums[q][j]);
    }

    static float read(const float* p) { return *p; }
    static float read(const Half* p) {
        Half padded[W] = {*p};
        return V::load(padded)[0];
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

    template <int kQueries, typename T>
    static void page(AttentionTile& tile, int logical) {
        const std::int64_t offset = tile.pages[logical] * tile.page_bytes;
        const auto* keys = reinterpret_cast<const T*>(tile.keys + offset);
        const auto* values = reinterpret_cast<const T*>(tile.values + offset);
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
        constexpr int kChunks = kQueries <= 4 ? (V::kWidth == 16 ? 4 : 2) : (V::kWidth == 16 ? 2 : 1);
        int c = begin / W * W;
        for (; c + (kChunks - 1) * W < end; c += kChunks * W) score_chunks<kQueries, kChunks>(tile, keys, c);
        for (; c < end; c += W) score_chunks<kQueries, 1>(tile, keys, c);
        for (int q = 0; q < kQueries; ++q) soften(tile, q, page_first, begin, end);
        int d = 0;
        for (; d + kChunks * W <= tile.head_dim; d += kChunks * W)
            value_chunks<kQueries, kChunks>(tile, values, begin, end, d);
        for (; d + W <= tile.head_dim; d += W) value_chunks<kQueries, 1>(tile, values, begin, end, d);
        for (; d < tile.head_dim; ++d)
            for (int q = 0; q < kQueries; ++q)
                for (int p = begin; p < end; ++p)
                    tile.out[q][d] += tile.scores[q * tile.page_stride + p] *
                                      read(values + static_cast<std::int64_t>(p) * tile.head_dim + d);
    }

    template <int kQueries, typename T>
    static void attend_queries(AttentionTile& tile) {
        for (int q = 0; q < kQueries; ++q) {
            tile.max[q] = kNone;
            tile.sum[q] = 0;
            for (int d = 0; d < tile.head_dim; ++d) tile.out[q][d] = 0;
        }
        for (int logical = tile.begin_page; logical < tile.end_page; ++logical)
            page<kQueries, T>(tile, logical);
    }

    template <typename T>
    static void attend_format(AttentionTile& tile) {
        switch (tile.queries) {
            case 1:
                return attend_queries<1, T>(tile);
            case 2:
                return attend_queries<2, T>(tile);
            case 3:
                return attend_queries<3, T>(tile);
            case 4:
                return attend_queries<4, T>(tile);
            case 5:
                return attend_queries<5, T>(tile);
            case 6:
                return attend_queries<6, T>(tile);
            case 7:
                return attend_queries<7, T>(tile);
            default:
                return attend_queries<8, T>(tile);
        }
    }

    static void attend(AttentionTile& tile) {
        tile.half ? attend_format<Half>(tile) : attend_format<float>(tile);
    }
};

}  // namespace pellucid::cpu
