// Instantiates the product for 8 activation row(s).
#include "gpu/cuda/gemv_impl.cuh"

namespace pellucid::cuda {

template void launch_gemv<8>(cudaStream_t, const GemvArguments&, int);
template void launch_gated<8>(cudaStream_t, const GatedArguments&);

}  // namespace pellucid::cuda
