// The door of every Runner: a batch whose indices and positions all hold, or an Error saying which does not.
#pragma once

#include "engine/backend/backend.h"
#include "engine/backend/batch.h"
#include "engine/base/error.h"
#include "engine/model/spec.h"

namespace pellucid {

/// The half layers that a batch runs, [begin, end).
struct HalfRange {
    int begin = 0, end = 0;
    /// Whether all of a model is run.
    bool whole(const ModelSpec& spec) const { return begin == 0 && end == 2 * spec.n_layers(); }
};
HalfRange half_range(const Batch& batch, const ModelSpec& spec);

/// invalid_argument names the row, sequence, page or copy and the values; context_overflow when a position
/// has no page. Checked: row counts, sequence and sample indices, token range, hidden width, that the rows of
/// a sequence are consecutive and continue its length without a gap, that a page is in range and listed, that
/// no page written in this step belongs to two sequences, copies, that the half layers are there and rows
/// come in and go out as where they begin and end allows. `previous_rows`: rows of the step before,
/// for SampledBy (0: none).
Result<void> check_batch(const Batch& batch, const RunnerOptions& options, const ModelSpec& spec,
                         int previous_rows = 0);

}  // namespace pellucid
