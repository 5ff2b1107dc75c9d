// Pairs of a row and an expert, put in the order of the experts and cut into tiles; and what goes on between
// and after their grouped products.
#include "gpu/cuda/device.cuh"
#include "gpu/cuda/experts.h"

namespace pellucid::cuda {
namespace {

inline constexpr int kSortThreads = 1024;

/// One block. Which of an expert's pairs comes first is left open: no result depends on it.
__global__ void __launch_bounds__(kSortThreads)
    sort_kernel(Chosen chosen, int pairs, int used, int experts, SortedPairs sorted) {
    let_next_start();
    wait_for_inputs();
    __shared__ int counts[kMostExperts], tile_sums[kSortThreads / 32], pair_sums[kSortThreads / 32];
    const int e = threadIdx.x, lane = e % 32, warp = e / 32;
    counts[e] = 0;
    __syncthreads();
    for (int p = threadIdx.x; p < pairs; p += kSortThreads) {
        const int id = chosen.ids[p];
        if (id >= 0) atomicAdd(counts + id, 1);
    }
    __syncthreads();
    const int count = e < experts ? counts[e] : 0, tiles = (count + kGroupedTile - 1) / kGroupedTile;
    int pairs_before = count, tiles_before = tiles;  // inclusive sums over the warp
    for (int offset = 1; offset < 32; offset *= 2) {
        const int a = __shfl_up_sync(0xffffffffu, pairs_before, offset),
                  b = __shfl_up_sync(0xffffffffu, tiles_before, offset);
        if (lane >= offset) {
            pairs_before += a;
            tiles_before += b;
        }
    }
    if (lane == 31) {
        pair_sums[warp] = pairs_before;
        tile_sums[warp] = tiles_before;
    }
    __syncthreads();
    for (int w = 0; w < warp; ++w) {
        pairs_before += pair_sums[w];
        tiles_before += tile_sums[w];
    }
    if (e == kSortThreads - 1) *sorted.tile_count = tiles_before;
    pairs_before -= count;
    tiles_before -= tiles;
    for (int t = 0; t < tiles; ++t)
        sorted.tiles[tiles_before + t] = {e, pairs_before + t * kGroupedTile,
                                          min(kGroupedTile, count - t * kGroupedTile), 0};
    counts[e] = pairs_before;
    __syncthreads();
    for (int p = threadIdx.x; p < pairs; p += kSortThreads) {
        const int id = chosen.ids[p];
        if (id < 0) {
            sorted.places[p] = -1;
            continue;
        }
        const int at = atomicAdd(counts + id, 1);
        sorted.rows[at] = p / used;
        sorted.places[p] = at;
    }
}

/// A block: some columns of one tile's pairs.
__global__ void activate_kernel(int activation, const float* wide, int width, SortedPairs sorted,
                                __half* halves) {
    let_next_start();
    wait_for_inputs();
    if (static_cast<int>(blockIdx.y) >= *sorted.tile_count) return;
    const int4 tile = sorted.tiles[blockIdx.y];
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= width) return;
    for (int r = 0; r < tile.z; ++r) {
        const long long pair = tile.y + r;
        const float* from = wide + pair * 2 * width + i;
        halves[pair * width + i] = to_half(gated_value(activation, from[0], from[width]));
    }
}

__global__ void gather_kernel(const float* outs, Chosen chosen, SortedPairs sorted, int used, int columns,
                              ExpertsOut out) {
    let_next_start();
    wait_for_inputs();
    const long long row = blockIdx.y;
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= columns) return;
    float sum = 0;
    for (int k = 0; k < used; ++k) {
        const int place = sorted.places[row * used + k];
        if (place >= 0)
            sum += chosen.weights[row * used + k] * outs[static_cast<long long>(place) * columns + i];
    }
    const long long at = row * columns + i;
    if (out.part) sum += chosen.shared[row] * out.part[at];
    if (out.set)
        out.set[at] = sum;
    else
        out.x[at] += out.alpha * sum;
}

}  // namespace

int most_tiles(int experts, int pairs) {
    return (experts < pairs ? experts : pairs) + pairs / kGroupedTile;
}

void sort_pairs(cudaStream_t stream, const Chosen& chosen, int rows, int used, int experts,
                const SortedPairs& sorted) {
    launch(stream, dim3(1), dim3(kSortThreads), sort_kernel, chosen, rows * used, used, experts, sorted);
}
void activate_pairs(cudaStream_t stream, int activation, const float* wide, int width, int tiles,
                    const SortedPairs& sorted, void* halves) {
    launch(stream, dim3((width + 127) / 128, tiles), dim3(128), activate_kernel, activation, wide, width,
           sorted, static_cast<__half*>(halves));
}
void gather_pairs(cudaStream_t stream, const float* outs, const Chosen& chosen, const SortedPairs& sorted,
                  int used, int columns, int rows, const ExpertsOut& out) {
    launch(stream, dim3((columns + 255) / 256, rows), dim3(256), gather_kernel, outs, chosen, sorted, used,
           columns, out);
}

}  // namespace pellucid::cuda
