// The backend named "cpu": packed weights, kernels for the machine's instruction set, one thread pool.
#pragma once

#include <memory>

#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/isa.h"

namespace pellucid {

/// Runs every ModelSpec whose matrices are F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 or Q2_K … Q6_K, with
/// keys and values in f16 or f32. Packed types are multiplied with activations rounded to 8 bits, in fine tensors
/// (TensorView::fine) to 16. The widest instruction set of the machine is chosen here, once;
/// description() names it. The pool is shared with whoever else holds it.
std::unique_ptr<Backend> make_cpu_backend(std::shared_ptr<ThreadPool> pool);
/// The same on a chosen instruction set. PRECONDITION: the machine runs it.
std::unique_ptr<Backend> make_cpu_backend(std::shared_ptr<ThreadPool> pool, cpu::Isa isa);

}  // namespace pellucid
