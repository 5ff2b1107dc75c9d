// The scalar encoder, obviously right: the judge of the fast one.
#pragma once

#include <memory>

#include "engine/backend/encoder.h"
#include "engine/base/thread_pool.h"

namespace pellucid {

/// Holds all weights as float32. not_found, unsupported or corrupt name the tensor; out_of_memory.
Result<std::unique_ptr<Encoder>> make_reference_encoder(std::shared_ptr<const EncoderSpec> spec,
                                                        std::shared_ptr<const WeightSource> weights,
                                                        std::shared_ptr<ThreadPool> pool);

}  // namespace pellucid
