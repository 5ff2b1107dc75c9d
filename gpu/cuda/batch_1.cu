// Instantiates the batched product for 8 activation rows.
#include "gpu/cuda/batch_impl.cuh"

namespace pellucid::cuda {

template void launch_batch<1>(cudaStream_t, const BatchArguments&, int, int);

}  // namespace pellucid::cuda
