#include "engine/cpu/linear_step.h"

#include <algorithm>
#include <vector>

namespace pellucid::cpu {

namespace {
// Tokens that one unit of work covers: their quantised rows (1.5 bytes a value) stay in the second-level
// cache while a run of tiles passes by.
constexpr int kTokenChunk = 128;

std::int64_t chunks_of(const LinearInput& input) {
    return (input.tokens + kTokenChunk - 1) / kTokenChunk;
}

/// Small enough pieces that a late worker costs little, large enough to stream.
std::int64_t grain_of(std::int64_t units, const ThreadPool& pool) {
    return std::clamp<std::int64_t>(units / (pool.size() * 6), 1, 64);
}

void run_unit(const Kernels& kernels, const LinearInput& input, const LinearPart& part, std::int64_t tile,
              std::int64_t chunk) {
    const std::int64_t first = chunk * kTokenChunk, columns = part.matrix->columns();
    const int tokens = static_cast<int>(std::min<std::int64_t>(kTokenChunk, input.tokens - first));
    const std::int64_t blocks = input.planes * (columns / kBlockColumns);
    part.matrix->apply_tile(kernels, tile, input.values + first * columns,
                            input.quantised ? input.quantised + first * blocks : nullptr, input.planes,
                            tokens, part.bias, part.out + first * part.out_stride, part.out_stride);
}
}  // namespace

void quantise_in_planes(const Kernels& kernels, const float* x, std::int64_t width, int planes,
                        Q8Block* out) {
    kernels.quantise(x, width, out);
    if (planes == 1) return;
    const std::int64_t blocks = width / kBlockColumns;
    for (std::int64_t b = 0; b < blocks; ++b, x += kBlockColumns) {
        float left[kBlockColumns];
        for (int i = 0; i < kBlockColumns; ++i) left[i] = x[i] - out[b].d * static_cast<float>(out[b].q[i]);
        kernels.quantise(left, kBlockColumns, out + blocks + b);
    }
}

void run_linears(ThreadPool& pool, const Kernels& kernels, const LinearInput& input,
                 std::span<const LinearPart> parts) {
    std::int64_t tiles = 0;
    for (const LinearPart& part : parts) tiles += part.matrix->tiles();
    const std::int64_t units = tiles * chunks_of(input);
    pool.parallel_for(units, grain_of(units, pool), [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t unit = begin; unit < end; ++unit) {
            std::int64_t tile = unit % tiles;
            const LinearPart* part = parts.data();
            for (; tile >= part->matrix->tiles(); ++part) tile -= part->matrix->tiles();
            run_unit(kernels, input, *part, tile, unit / tiles);
        }
    });
}

void run_linear_jobs(ThreadPool& pool, const Kernels& kernels, std::span<const LinearJob> jobs) {
    std::vector<std::int64_t> ends;  // units of the jobs up to and with each
    std::int64_t units = 0;
    for (const LinearJob& job : jobs)
        ends.push_back(units += job.part.matrix->tiles() * chunks_of(job.input));
    pool.parallel_for(units, grain_of(units, pool), [&](std::int64_t begin, std::int64_t end, int) {
        auto at = static_cast<std::size_t>(std::ranges::upper_bound(ends, begin) - ends.begin());
        for (std::int64_t unit = begin; unit < end; ++unit) {
            while (unit >= ends[at]) ++at;
            const LinearJob& job = jobs[at];
            const std::int64_t own = unit - (at == 0 ? 0 : ends[at - 1]), tiles = job.part.matrix->tiles();
            run_unit(kernels, job.input, job.part, own % tiles, own / tiles);
        }
    });
}

}  // namespace pellucid::cpu
