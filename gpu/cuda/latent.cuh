// Where latents lie, and how a sequence of them is split.
#pragma once

#include "gpu/cuda/device.cuh"
#include "gpu/cuda/latent.h"

namespace pellucid::cuda {

inline constexpr int kLatentHeads = 16;  ///< of a tile
inline constexpr int kLatentKeys = 32;   ///< of a tile of few rows

/// The slot of a position, counted over all pages.
__device__ __forceinline__ long long cache_place(const StepView& step, int row, int position) {
    const int page = step.tables[static_cast<long long>(step.sequences[row]) * step.table_width +
                                 position / step.page_tokens];
    return static_cast<long long>(page) * step.page_tokens + position % step.page_tokens;
}
__device__ __forceinline__ long long latent_at(const LatentJob& p, const StepView& step, int row,
                                               int position) {
    return cache_place(step, row, position) * (p.rank + p.turning);
}

/// Tiles a split takes of a row's keys.
__device__ __forceinline__ int split_share(int position, int splits) {
    return (position / kLatentKeys + splits) / splits;
}
/// Splits that have any.
__device__ __forceinline__ int active_splits(int position, int splits) {
    const int share = split_share(position, splits);
    return (position / kLatentKeys + share) / share;
}

}  // namespace pellucid::cuda
