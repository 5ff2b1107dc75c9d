// A step: what is refused, what goes to the device, how it is run, and what is read when it is done.
#include <algorithm>
#include <string>
#include <utility>

#include "gpu/cuda/runner.h"

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}
/// Splits by powers of two up to `most`, so that few graphs serve a long conversation.
int splits_for(int length, int most, int chunks) {
    int splits = 1;
    while (splits < most && length > chunks * packed_chunk() * splits) splits *= 2;
    return std::min(splits, most);
}

}  // namespace

/// Of rows: whether the device can do what they ask for. Sets drawn_.
Result<void> CudaRunner::check_rows(const Batch& batch) {
    drawn_ = false;
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const Row& row = batch.rows[r];
        if (const auto* by = std::get_if<SampledBy>(&row.input); by && !sampled_[size(by->row)])
            return fail(ErrorCode::invalid_argument,
                        "batch: row " + std::to_string(r) + " takes the id of a row that sampled none",
                        "this is a fault of the caller");
        if (row.output == RowOutput::logits_and_hidden)
            return fail(ErrorCode::unsupported, "the CUDA device gives a row's logits or its hidden state",
                        "ask for one of them");
        if (row.output == RowOutput::sample) {
            const SampleSpec& sample = batch.samples[size(row.sample)];
            if (!samples(sample))
                return fail(ErrorCode::unsupported,
                            "the CUDA device samples without alternatives, from at most 262144 tokens",
                            "ask for logits and sample on the host");
            drawn_ = drawn_ || sample.temperature > 0;
        }
    }
    return {};
}

Result<Ticket> CudaRunner::submit(const Batch& batch, CancelToken cancel) {
    const ModelSpec& spec = *model_->spec;
    PELLUCID_CHECK(check_batch(batch, options_, spec, static_cast<int>(sampled_.size())));
    PELLUCID_CHECK(checked(cudaSetDevice(model_->device), "choosing the device"));
    PELLUCID_CHECK(check_rows(batch));
    const Ticket ticket = next_ticket_++;
    Pending step;
    step.slot = static_cast<int>(ticket % kInFlight);
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const RowOutput output = batch.rows[r].output;
        if (output == RowOutput::sample) step.rows.push_back(static_cast<int>(r));
        if (output == RowOutput::logits) step.logits.push_back(static_cast<int>(r));
        if (output == RowOutput::hidden) step.hidden.push_back(static_cast<int>(r));
    }
    // What an unread step left in page-locked memory is taken out before that is used again.
    for (auto& [other, pending] : pending_)
        if (pending.slot == step.slot || (!pending.hidden.empty() && !step.hidden.empty()))
            PELLUCID_CHECK(collect(pending));
    // The slot's words may still be on their way to the device.
    PELLUCID_CHECK(checked(cudaEventSynchronize(done_[step.slot]), "waiting for an earlier step"));
    PELLUCID_CHECK(upload(batch, step.slot));
    PELLUCID_CHECK(copy_pages(batch));
    if (!batch.rows.empty()) PELLUCID_CHECK(run(batch, step, cancel));
    PELLUCID_CHECK(read_back(step));
    PELLUCID_CHECK(checked(cudaEventRecord(done_[step.slot], stream_), "marking a step"));
    sampled_.assign(batch.rows.size(), false);
    if (!step.stopped)
        for (int r : step.rows) sampled_[size(r)] = true;
    pending_.emplace(ticket, std::move(step));
    return ticket;
}

/// The step's half layers and its head: as one graph where it is small, else kernel by kernel.
Result<void> CudaRunner::run(const Batch& batch, Pending& step, const CancelToken& cancel) {
    const HalfRange range = half_range(batch, *model_->spec);
    const int rows = static_cast<int>(batch.rows.size());
    int furthest = 0;
    apart_ = true;  // the rows of a sequence are neighbours
    for (int r = 0; r < rows; ++r) {
        furthest = std::max(furthest, batch.rows[size(r)].position + 1);
        apart_ = apart_ && (r == 0 || batch.rows[size(r)].sequence != batch.rows[size(r - 1)].sequence);
    }
    const bool attends = range.end - range.begin > 1 || (range.begin % 2 == 0 && range.end > range.begin);
    const int splits = attends && rows <= kBatchRows
                           ? splits_for(furthest, std::max(1, most_splits_ / rows), chunks_together(rows))
                           : 1;
    one_sequence_ = batch.sequences.size() == 1;
    const int heads = static_cast<int>(step.rows.size() + step.logits.size());
    const bool as_graph = (rows <= kGemvRows || (rows <= kBatchRows && apart_ && batched_)) &&
                          heads <= (step.logits.empty() ? head_rows(options_) : kGemvRows);
    if (as_graph) {
        PELLUCID_CHECK(
            run_graph({rows, splits, heads, range.begin, range.end, !step.rows.empty(), drawn_, apart_}));
        if (step.logits.empty()) return {};
        return checked(cudaMemcpyAsync(pinned_logits_.as<float>() + logits_at(step.slot), scratch_.logits,
                                       size(heads) * size(model_->spec->vocabulary) * sizeof(float),
                                       cudaMemcpyDeviceToHost, stream_),
                       "reading logits");
    }
    const auto done = layers(rows, splits, range, cancel);
    if (!done && done.error().code == ErrorCode::cancelled) {
        step.stopped = done.error();
        return {};
    }
    PELLUCID_CHECK(done);
    return heads_by_pieces(step);
}

/// Takes what a step left in page-locked memory into its result; waits for it.
Result<void> CudaRunner::collect(Pending& step) {
    if (std::exchange(step.collected, true)) return {};
    PELLUCID_CHECK(checked(cudaEventSynchronize(done_[step.slot]), "running a step"));
    if (step.stopped) return {};
    const std::size_t vocabulary = size(model_->spec->vocabulary), width = size(model_->spec->n_embd);
    const Choice* choices = pinned_choices_.as<Choice>() + step.slot * options_.max_batch_rows;
    std::vector<int> heads(step.rows);
    heads.insert(heads.end(), step.logits.begin(), step.logits.end());
    std::ranges::sort(heads);
    const float* logits = pinned_logits_.as<float>() + logits_at(step.slot);
    for (int r : heads) {
        const bool drawn = std::ranges::binary_search(step.rows, r);
        if (drawn || !step.logits_read) {
            RowResult row;
            row.row = r;
            if (drawn)
                row.sampled = SampledToken{choices[r].id, choices[r].logprob, choices[r].entropy, {}};
            else
                row.values.assign(logits, logits + vocabulary);
            step.result.rows.push_back(std::move(row));
        }
        logits += vocabulary;
    }
    const float* hidden = pinned_hidden_.as<float>() + size(options_.max_batch_rows) * width;
    for (int r : step.hidden) {
        RowResult row;
        row.row = r;
        row.values.assign(hidden + size(r) * width, hidden + (size(r) + 1) * width);
        step.result.rows.push_back(std::move(row));
    }
    if (step.logits_read || !step.hidden.empty()) std::ranges::sort(step.result.rows, {}, &RowResult::row);
    return {};
}

Result<StepResult> CudaRunner::wait(Ticket ticket) {
    auto found = pending_.extract(ticket);
    if (found.empty())
        return fail(ErrorCode::invalid_argument, "step " + std::to_string(ticket) + " is unknown or was read",
                    "this is a fault of the caller");
    Pending& step = found.mapped();
    PELLUCID_CHECK(collect(step));
    if (step.stopped) return fail(*step.stopped);
    return std::move(step.result);
}

}  // namespace pellucid::cuda
