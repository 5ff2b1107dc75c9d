// Instantiates the product for 8 activation rows, 1 group of each weight row in flight a lane.
#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

template void launch_gemv<8, 1>(cudaStream_t, const GemvArguments&, int);
template void launch_gated<8, 1>(cudaStream_t, const GatedArguments&);

}  // namespace pellucid::cuda
