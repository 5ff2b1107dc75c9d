#include "engine/cpu/linear_step.h"

#include <algorithm>

namespace pellucid::cpu {

namespace {
// Tokens that one unit of work covers: their quantised rows (1.5 bytes a value) stay in the second-level
// cache while a run of tiles passes by.
constexpr int kTokenChunk = 128;
}  // namespace

void run_linears(ThreadPool& pool, const Kernels& kernels, const LinearInput& input,
                 std::span<const LinearPart> parts) {
    std::int64_t tiles = 0;
    for (const LinearPart& part : parts) tiles += part.matrix->tiles();
    const std::int64_t chunks = (input.tokens + kTokenChunk - 1) / kTokenChunk;
    // Small enough pieces that a late worker costs little, large enough to stream.
    const std::int64_t grain = std::clamp<std::int64_t>(tiles * chunks / (pool.size() * 6), 1, 64);
    pool.parallel_for(tiles * chunks, grain, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t unit = begin; unit < end; ++unit) {
            const std::int64_t chunk = unit / tiles;
            std::int64_t tile = unit % tiles;
            const LinearPart* part = parts.data();
            for (; tile >= part->matrix->tiles(); ++part) tile -= part->matrix->tiles();
            const std::int64_t first = chunk * kTokenChunk, columns = part->matrix->columns();
            const int tokens = static_cast<int>(std::min<std::int64_t>(kTokenChunk, input.tokens - first));
            part->matrix->apply_tile(
                kernels, tile, input.values + first * columns,
                input.quantised ? input.quantised + first * (columns / kBlockColumns) : nullptr, tokens,
                part->bias, part->out + first * part->out_stride, part->out_stride);
        }
    });
}

}  // namespace pellucid::cpu
