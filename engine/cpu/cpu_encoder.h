// The encoder on the CPU: matrices as the CPU backend holds them (packed where quantised), the same kernels.
#pragma once

#include <memory>

#include "engine/backend/encoder.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/isa.h"

namespace pellucid {

/// not_found, unsupported or corrupt name the tensor; out_of_memory. PRECONDITION: the machine runs `isa`.
Result<std::unique_ptr<Encoder>> make_cpu_encoder(std::shared_ptr<const EncoderSpec> spec,
                                                  std::shared_ptr<const WeightSource> weights,
                                                  std::shared_ptr<ThreadPool> pool, cpu::Isa isa);

}  // namespace pellucid
