// Instantiates the batched product for 16 activation rows.
#include "gpu/cuda/batch_impl.cuh"

namespace pellucid::cuda {

template void launch_batch<2>(cudaStream_t, const BatchArguments&, int, int);

}  // namespace pellucid::cuda
