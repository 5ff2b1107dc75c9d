// The backend named "reference": scalar, obviously right, the judge of the others.
#pragma once

#include <memory>

#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"

namespace pellucid {

/// Runs every ModelSpec. Weights are held as float32 when that fits in half of the memory available, else
/// decoded at each use (slow). The pool is shared with whoever else holds it.
std::unique_ptr<Backend> make_reference_backend(std::shared_ptr<ThreadPool> pool);

}  // namespace pellucid
