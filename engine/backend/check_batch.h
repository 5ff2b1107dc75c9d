// The door of every Runner: a batch whose indices and positions all hold, or an Error saying which does not.
#pragma once

#include "engine/backend/backend.h"
#include "engine/backend/batch.h"
#include "engine/base/error.h"
#include "engine/model/spec.h"

namespace pellucid {

/// invalid_argument names the row, sequence, page or copy and the values; context_overflow when a position
/// has no page. Checked: row counts, sequence and sample indices, token range, hidden width, that the rows of
/// a sequence are consecutive and continue its length without a gap, that a page is in range and listed, that
/// no page written in this step belongs to two sequences, copies. `previous_rows`: rows of the step before,
/// for SampledBy (0: none).
Result<void> check_batch(const Batch& batch, const RunnerOptions& options, const ModelSpec& spec,
                         int previous_rows = 0);

}  // namespace pellucid
