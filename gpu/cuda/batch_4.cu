// Instantiates the batched product for 32 activation rows.
#include "gpu/cuda/batch_impl.cuh"

namespace pellucid::cuda {

template void launch_batch<4>(cudaStream_t, const BatchArguments&, int, int);

}  // namespace pellucid::cuda
