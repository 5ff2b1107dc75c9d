// Instantiates the product for 1 activation row, 2 groups of each weight row in flight a lane.
#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

template void launch_gemv<1, 2>(cudaStream_t, const GemvArguments&, int);
template void launch_gated<1, 2>(cudaStream_t, const GatedArguments&);

}  // namespace pellucid::cuda
