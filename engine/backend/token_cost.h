// What writing a token costs, which is what it has to read.
#pragma once

#include "engine/model/spec.h"
#include "engine/model/weights.h"
#include "engine/quant/kv_format.h"

namespace pellucid {

/// Bytes that writing one token reads when `length` tokens are in the context: every weight once (of the
/// embedding one row, of routed experts those used) and keys and values.
double bytes_per_token(const ModelSpec& spec, const WeightSource& weights, KvFormat kv_format, int length);

}  // namespace pellucid
