// The backends of this build, each with the tolerance it promises on the fixtures.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/ops/reference_backend.h"

namespace pellucid::test {

struct TestedBackend {
    const char* name;
    double tolerance;       ///< of logits, in standard deviations of the expected ones
    double self_tolerance;  ///< between two ways to compute the same on this backend, in standard deviations
    std::unique_ptr<Backend> (*make)(std::shared_ptr<ThreadPool> pool);
};

inline const std::vector<TestedBackend>& tested_backends() {
    // The reference sums in double: only the rounding of float32 activations differs from the witness, and
    // how rows are batched changes no bit.
    static const std::vector<TestedBackend> backends = {
        {"reference", 0.01, 0, make_reference_backend},
        // Float32 sums in another order, f16 keys and values as asked; half-precision weights are exact.
        {"cpu", 0.05, 1e-4,
         [](std::shared_ptr<ThreadPool> pool) { return make_cpu_backend(std::move(pool)); }},
    };
    return backends;
}

}  // namespace pellucid::test
