// Blocks of the formats whose codes stand for levels: IQ1 … IQ4, TQ1, TQ2 and MXFP4.
#pragma once

#include "engine/quant/unpack.h"

namespace pellucid {

bool is_codebook(TensorType type);

/// PRECONDITION: is_codebook(type), and a whole block at `block`.
void unpack_codebook(TensorType type, const std::byte* block, UnpackedBlock& out);

}  // namespace pellucid
