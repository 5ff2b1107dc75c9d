// Linear layers of a step: tiles of several matrices, shared out to the pool in one go.
#pragma once

#include <span>
#include <string>

#include "engine/base/thread_pool.h"
#include "engine/cpu/weights.h"

namespace pellucid::cpu {

/// Activations [tokens, columns] as the matrices read them: f32 for dense ones, quantised for packed ones. In
/// two planes a token's blocks are followed by as many of what their rounding left, for fine matrices: x ~ d
/// q + d' q', 16 bits together.
struct LinearInput {
    const float* values = nullptr;
    const Q8Block* quantised = nullptr;  ///< [tokens, planes, columns / 32]; null where no matrix is packed
    int tokens = 0;
    int planes = 1;
};

/// x [width] as `planes` (1 or 2) rows of width / 32 blocks, one after the other.
void quantise_in_planes(const Kernels& kernels, const float* x, std::int64_t width, int planes, Q8Block* out);

struct LinearPart {
    const Matrix* matrix = nullptr;
    const float* bias = nullptr;  ///< [out] or null
    float* out = nullptr;         ///< f32 [tokens, out], out_stride apart
    std::int64_t out_stride = 0;
    const std::string* name = nullptr;  ///< of the weight, where adapters may find it
};

/// All parts read the same input; one fork-join for all of them.
void run_linears(ThreadPool& pool, const Kernels& kernels, const LinearInput& input,
                 std::span<const LinearPart> parts);

/// A part with an input of its own.
struct LinearJob {
    LinearInput input;
    LinearPart part;
};

/// One fork-join for jobs that do not wait for each other. Jobs without tokens are allowed.
void run_linear_jobs(ThreadPool& pool, const Kernels& kernels, std::span<const LinearJob> jobs);

}  // namespace pellucid::cpu
