// What a position of a model takes in a KV format.
#pragma once

#include <cstdint>

#include "engine/model/spec.h"
#include "engine/quant/kv_basis.h"
#include "engine/quant/kv_format.h"

namespace pellucid {

/// The format that a layer keeps when `format` is asked for. Past inputs of a convolution meet no softmax
/// that would average their errors out: they are never kept in less than q8.
KvFormat cache_format(const Layer& layer, KvFormat format);
/// Bytes of one position over all layers, scales included.
std::uint64_t kv_bytes_per_token(const ModelSpec& spec, KvFormat format);
/// Whether keys of this layer can have a KvBasis.
bool takes_basis(const Layer& layer, KvFormat format);
/// Of the KvBases that a model is opened with.
std::uint64_t kv_bases_bytes(const ModelSpec& spec, KvFormat format);

}  // namespace pellucid
