// Instantiates the product for 1 activation row(s).
#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

template void launch_gemv<1>(cudaStream_t, const GemvArguments&, int);
template void launch_gated<1>(cudaStream_t, const GatedArguments&);

}  // namespace pellucid::cuda
