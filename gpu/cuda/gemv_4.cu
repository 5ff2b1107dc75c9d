// Instantiates the product for 4 activation row(s).
#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

template void launch_gemv<4>(cudaStream_t, const GemvArguments&, int);
template void launch_gated<4>(cudaStream_t, const GatedArguments&);

}  // namespace pellucid::cuda
