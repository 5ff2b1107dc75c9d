#include "engine/placement/placed_runner.h"

#include <utility>

#include "engine/backend/check_batch.h"

namespace pellucid {

namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// Every row's hidden state, which a step over a part was asked for.
Result<std::vector<RowInput>> hidden_of(StepResult result, std::size_t rows) {
    if (result.rows.size() != rows)
        return fail(
            ErrorCode::internal,
            "a device gave " + std::to_string(result.rows.size()) + " hidden rows of " + std::to_string(rows),
            "this is a fault of ours; please report it");
    std::vector<RowInput> hidden;
    hidden.reserve(rows);
    for (RowResult& row : result.rows) hidden.emplace_back(std::move(row.values));
    return hidden;
}

}  // namespace

PlacedRunner::PlacedRunner(std::shared_ptr<const ModelSpec> spec, std::vector<Stage> stages,
                           std::vector<Device> devices, const RunnerOptions& options)
    : spec_(std::move(spec)), stages_(std::move(stages)), devices_(std::move(devices)), options_(options) {}

Failure PlacedRunner::of(int device, Error error) const {
    if (error.code != ErrorCode::cancelled) error.what = devices_[size(device)].id + ": " + error.what;
    return fail(std::move(error));
}

bool PlacedRunner::samples(const SampleSpec& spec) const {
    return devices_[size(stages_.back().device)].runner->samples(spec);
}

Result<AdapterId> PlacedRunner::load_adapter(std::shared_ptr<const Adapter> adapter) {
    std::vector<AdapterId> ids;
    for (std::size_t d = 0; d < devices_.size(); ++d) {
        const auto id = devices_[d].runner->load_adapter(adapter);
        if (!id) {
            while (!ids.empty()) {
                devices_[ids.size() - 1].runner->unload_adapter(ids.back());
                ids.pop_back();
            }
            return of(static_cast<int>(d), id.error());
        }
        ids.push_back(*id);
    }
    const std::lock_guard lock(mutex_);
    adapters_.emplace(next_adapter_, std::move(ids));
    return next_adapter_++;
}

void PlacedRunner::unload_adapter(AdapterId id) {
    const std::lock_guard lock(mutex_);
    const auto found = adapters_.extract(id);
    if (found.empty()) return;
    for (std::size_t d = 0; d < devices_.size(); ++d) devices_[d].runner->unload_adapter(found.mapped()[d]);
}

Result<Ticket> PlacedRunner::submit(const Batch& batch, CancelToken cancel) {
    PELLUCID_CHECK(check_batch(batch, options_, *spec_, static_cast<int>(previous_ids_.size())));
    if (!half_range(batch, *spec_).whole(*spec_))
        return fail(ErrorCode::invalid_argument, "batch: a placed model runs all its half layers in a step",
                    "this is a fault of the caller");
    const Ticket ticket = next_ticket_++;
    done_.emplace(ticket, step(batch, cancel));
    return ticket;
}

Result<StepResult> PlacedRunner::wait(Ticket ticket) {
    auto found = done_.extract(ticket);
    if (found.empty())
        return fail(ErrorCode::invalid_argument, "step " + std::to_string(ticket) + " is unknown or was read",
                    "this is a fault of the caller");
    return std::move(found.mapped());
}

Result<std::vector<BatchSequence>> PlacedRunner::sequences_on(std::size_t device, const Batch& batch) const {
    std::vector<BatchSequence> sequences = batch.sequences;
    const std::lock_guard lock(mutex_);
    for (BatchSequence& sequence : sequences)
        for (AdapterUse& use : sequence.adapters) {
            const auto found = adapters_.find(use.id);
            if (found == adapters_.end())
                return fail(ErrorCode::invalid_argument,
                            "batch: adapter " + std::to_string(use.id) + " is not loaded",
                            "this is a fault of the caller");
            use.id = found->second[device];
        }
    return sequences;
}

Result<StepResult> PlacedRunner::run(int device, const Batch& batch, const CancelToken& cancel) {
    Runner& runner = *devices_[size(device)].runner;
    const auto ticket = runner.submit(batch, cancel);
    if (!ticket) return of(device, ticket.error());
    auto result = runner.wait(*ticket);
    if (!result) return of(device, result.error());
    return result;
}

/// Before anything else and whatever is cancelled: a copy owed to one device and not to the other would be a
/// page that holds two texts.
Result<void> PlacedRunner::copy_pages(const Batch& batch) {
    if (batch.copies.empty()) return {};
    Batch copies;
    copies.copies = batch.copies;
    copies.begin_half = copies.end_half = 2 * spec_->n_layers();
    for (std::size_t d = 0; d < devices_.size(); ++d)
        if (devices_[d].attends) {
            PELLUCID_TRY(const StepResult done, run(static_cast<int>(d), copies, {}));
            (void)done;
        }
    return {};
}

Result<StepResult> PlacedRunner::run_beside(const Stage& stage, Batch batch, const Batch& asked,
                                            const CancelToken& cancel) {
    Batch other = batch;
    PELLUCID_TRY(other.sequences, sequences_on(size(stage.beside), asked));
    // The shared expert first: a device that works by itself does so while the routed ones run here.
    Runner& beside = *devices_[size(stage.beside)].runner;
    const auto ticket = beside.submit(other, cancel);
    if (!ticket) return of(stage.beside, ticket.error());
    auto routed = run(stage.device, batch, cancel);
    auto shared = beside.wait(*ticket);
    if (!shared) return of(stage.beside, shared.error());
    if (!routed) return routed;
    for (std::size_t r = 0; r < shared->rows.size() && r < routed->rows.size(); ++r) {
        const auto& x = std::get<std::vector<float>>(batch.rows[r].input);
        std::vector<float>& sum = shared->rows[r].values;
        const std::vector<float>& added = routed->rows[r].values;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += added[i] - x[i];
    }
    return shared;
}

Result<StepResult> PlacedRunner::step(const Batch& batch, const CancelToken& cancel) {
    std::vector<RowInput> inputs;
    inputs.reserve(batch.rows.size());
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const auto* by = std::get_if<SampledBy>(&batch.rows[r].input);
        if (!by) {
            inputs.push_back(batch.rows[r].input);
            continue;
        }
        const auto& sampled = previous_ids_[size(by->row)];
        if (!sampled)
            return fail(ErrorCode::invalid_argument,
                        "batch: row " + std::to_string(r) + " takes the id of a row that sampled none",
                        "this is a fault of the caller");
        inputs.emplace_back(*sampled);
    }
    previous_ids_.clear();
    PELLUCID_CHECK(copy_pages(batch));
    if (batch.rows.empty()) return StepResult();
    StepResult result;
    for (const Stage& stage : stages_) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the step was stopped");
        const bool last = &stage == &stages_.back();
        Batch piece;
        PELLUCID_TRY(piece.sequences, sequences_on(size(stage.device), batch));
        piece.begin_half = stage.begin;
        piece.end_half = stage.end;
        if (last) piece.samples = batch.samples;
        for (std::size_t r = 0; r < batch.rows.size(); ++r) {
            Row row{batch.rows[r].sequence, batch.rows[r].position, std::move(inputs[r]), RowOutput::hidden,
                    -1};
            if (last) row.output = batch.rows[r].output, row.sample = batch.rows[r].sample;
            piece.rows.push_back(std::move(row));
        }
        PELLUCID_TRY(result, stage.beside >= 0 ? run_beside(stage, std::move(piece), batch, cancel)
                                               : run(stage.device, piece, cancel));
        if (!last) {
            PELLUCID_TRY(inputs, hidden_of(std::move(result), batch.rows.size()));
        }
    }
    previous_ids_.assign(batch.rows.size(), std::nullopt);
    for (const RowResult& row : result.rows)
        if (row.sampled) previous_ids_[size(row.row)] = row.sampled->id;
    return result;
}

}  // namespace pellucid
