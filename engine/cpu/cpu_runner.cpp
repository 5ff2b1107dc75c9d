#include "engine/cpu/cpu_runner.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "engine/backend/check_batch.h"
#include "engine/ops/sample/reference.h"

namespace pellucid::cpu {

namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}
/// Greedy without ranking the vocabulary; anything else as the reference does it.
SampledToken sample(std::span<const float> logits, const SampleSpec& spec, int position) {
    if (spec.temperature > 0 || spec.top_alternatives > 0) return sample_reference(logits, spec, position);
    const auto best = std::ranges::max_element(logits);
    double total = 0, weighted = 0;  // of e^(logit - best), and of that times (logit - best)
    for (const float logit : logits) {
        const double below = static_cast<double>(logit) - static_cast<double>(*best),
                     weight = std::exp(below);
        total += weight;
        weighted += weight * below;
    }
    SampledToken token;
    token.id = static_cast<TokenId>(best - logits.begin());
    token.logprob = static_cast<float>(-std::log(total));
    token.entropy = static_cast<float>(std::log(total) - weighted / total);
    return token;
}

bool wants_logits(const Row& row) {
    return row.output == RowOutput::logits || row.output == RowOutput::sample ||
           row.output == RowOutput::logits_and_hidden;
}

}  // namespace

Result<std::unique_ptr<Runner>> CpuRunner::make(std::shared_ptr<const CpuModel> model,
                                                std::shared_ptr<ThreadPool> pool, const Kernels& kernels,
                                                const RunnerOptions& options) {
    if (options.page_tokens < 1 || options.pages < 1 || options.max_batch_rows < 1 ||
        options.max_sequences < 1)
        return fail(ErrorCode::invalid_argument, "a runner needs at least one page, row and sequence",
                    "this is a fault of the caller");
    PELLUCID_TRY(KvCache cache, KvCache::make(*model->spec, options));
    PELLUCID_TRY(StepScratch scratch, StepScratch::make(*model->spec, options, model->planes));
    return std::unique_ptr<Runner>(new CpuRunner(std::move(model), std::move(pool), kernels, options,
                                                 std::move(cache), std::move(scratch)));
}

std::uint64_t CpuRunner::scratch_needed(const ModelSpec& spec, const RunnerOptions& options, int workers,
                                        int planes) {
    return StepScratch::bytes_needed(spec, options, planes) +
           AttentionStep::bytes_needed(spec, options, workers) +
           LatentStep::bytes_needed(spec, options, workers) +
           static_cast<std::uint64_t>(options.max_sequences) *
               static_cast<std::uint64_t>(spec.head.present() ? spec.vocabulary : 0) * sizeof(float);
}

CpuRunner::CpuRunner(std::shared_ptr<const CpuModel> model, std::shared_ptr<ThreadPool> pool,
                     const Kernels& kernels, const RunnerOptions& options, KvCache cache, StepScratch scratch)
    : model_(std::move(model)),
      pool_(std::move(pool)),
      kernels_(kernels),
      options_(options),
      cache_(std::move(cache)),
      scratch_(std::move(scratch)),
      attention_step_(*model_->spec, options, pool_->size()),
      latent_step_(*model_->spec, options, pool_->size()) {
    const ModelSpec& spec = *model_->spec;
    const int context = options_.context > 0 ? options_.context : spec.trained_context;
    for (std::size_t i = 0; i < spec.ropes.size(); ++i) {
        const bool far = uses_long_factors(spec.ropes[i], context);
        frequencies_.push_back(
            rope_frequencies(spec.ropes[i], far ? model_->rope_long_factors[i] : model_->rope_factors[i]));
    }
}

Result<Ticket> CpuRunner::submit(const Batch& batch, CancelToken cancel) {
    PELLUCID_CHECK(check_batch(batch, options_, *model_->spec, static_cast<int>(previous_ids_.size())));
    const Ticket ticket = next_ticket_++;
    done_.emplace(ticket, step(batch, cancel));
    return ticket;
}

Result<StepResult> CpuRunner::wait(Ticket ticket) {
    auto found = done_.extract(ticket);
    if (found.empty())
        return fail(ErrorCode::invalid_argument, "step " + std::to_string(ticket) + " is unknown or was read",
                    "this is a fault of the caller");
    return std::move(found.mapped());
}

Result<StepResult> CpuRunner::step(const Batch& batch, const CancelToken& cancel) {
    PELLUCID_TRY(adapted_, adapters_.rows_of(batch));
    const auto started = inputs(batch);
    previous_ids_.clear();
    if (!started) return started.failure();
    for (const PageCopy& copy : batch.copies) cache_.copy(copy);
    const HalfRange range = half_range(batch, *model_->spec);
    if (range.end - range.begin > 1 || (range.end > range.begin && range.begin % 2 == 0)) turn_angles(batch);
    const int rows = static_cast<int>(batch.rows.size());
    for (int half = range.begin; half < range.end; ++half) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the step was stopped");
        if (half % 2 == 0)
            attention_half(half / 2, batch);
        else
            feed_forward_half(half / 2, rows);
    }
    return outputs(batch);
}

Result<void> CpuRunner::inputs(const Batch& batch) {
    const ModelSpec& spec = *model_->spec;
    if (spec.next_input.present() && batch.begin_half == 0) {
        next_inputs(batch);
        return {};
    }
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        float* to = scratch_.x + static_cast<std::int64_t>(r) * spec.n_embd;
        if (const auto* hidden = std::get_if<std::vector<float>>(&batch.rows[r].input)) {
            std::copy(hidden->begin(), hidden->end(), to);
            continue;
        }
        const auto* id = std::get_if<TokenId>(&batch.rows[r].input);
        if (!id) {
            const auto& sampled = previous_ids_[size(std::get<SampledBy>(batch.rows[r].input).row)];
            if (!sampled)
                return fail(ErrorCode::invalid_argument,
                            "batch: row " + std::to_string(r) + " takes the id of a row that sampled none",
                            "this is a fault of the caller");
            id = &*sampled;
        }
        model_->embedding.decode_row(*id, to);
        if (spec.embedding_scale != 1) kernels_.scale(to, spec.embedding_scale, spec.n_embd);
    }
    return {};
}

/// x = project([embedding_norm(e), hidden_norm(h)]).
void CpuRunner::next_inputs(const Batch& batch) {
    const ModelSpec& spec = *model_->spec;
    const std::int64_t width = spec.n_embd;
    const int rows = static_cast<int>(batch.rows.size());
    const bool packed = model_->next_project.matrix.packed();
    for_rows(rows, [&](int row) {
        const auto& input = std::get<NextTokenRow>(batch.rows[size(row)].input);
        float* both = scratch_.wide + row * 2 * width;
        float* embedding = scratch_.x + row * width;
        model_->embedding.decode_row(input.id, embedding);
        if (spec.embedding_scale != 1) kernels_.scale(embedding, spec.embedding_scale, width);
        norm_row(spec.next_input.embedding_norm, model_->next_embedding_norm, embedding, both);
        norm_row(spec.next_input.hidden_norm, model_->next_hidden_norm, input.hidden.data(), both + width);
        if (packed) quantise_row(both, 2 * width, scratch_.quantised, row);
    });
    const LinearPart parts[] = {linear_part(model_->next_project, scratch_.x, width)};
    run_linears(*pool_, kernels_, linear_input(scratch_.wide, packed ? scratch_.quantised : nullptr, rows),
                parts);
}

/// Cosines and sines of every row for every rope, once a step: layers share them.
void CpuRunner::turn_angles(const Batch& batch) {
    const ModelSpec& spec = *model_->spec;
    const std::int64_t pairs = StepScratch::widest_pairs(spec), rows = options_.max_batch_rows;
    for_rows(static_cast<int>(batch.rows.size()), [&](int row) {
        for (std::size_t r = 0; r < spec.ropes.size(); ++r) {
            float* cos = scratch_.angles + (static_cast<std::int64_t>(2 * r) * rows + row) * pairs;
            float* sin = cos + rows * pairs;
            const double factor = spec.ropes[r].attention_factor;
            for (std::size_t i = 0; i < frequencies_[r].size(); ++i) {
                const double angle = batch.rows[size(row)].position * frequencies_[r][i];
                cos[i] = static_cast<float>(std::cos(angle) * factor);
                sin[i] = static_cast<float>(std::sin(angle) * factor);
            }
        }
    });
}

void CpuRunner::quantise_row(const float* x, std::int64_t width, Q8Block* all, std::int64_t row) const {
    quantise_in_planes(kernels_, x, width, model_->planes, all + row * row_blocks(width));
}

void CpuRunner::norm_row(const Norm& norm, const NormWeights& weights, const float* x, float* out) const {
    if (norm.kind == NormKind::rms)
        kernels_.rms_norm(x, weights.weight.data(), norm.width, norm.eps, out);
    else
        kernels_.layer_norm(x, weights.weight.data(), or_null(weights.bias), norm.width, norm.eps, out);
}

LinearInput CpuRunner::normed_input(const Norm& norm, const NormWeights& weights, int rows,
                                    std::initializer_list<const LinearWeights*> readers) {
    const int width = model_->spec->n_embd;
    const bool packed =
        std::ranges::any_of(readers, [](const LinearWeights* w) { return w->matrix.packed(); });
    for_rows(rows, [&](int row) {
        const float* x = scratch_.x + static_cast<std::int64_t>(row) * width;
        float* out = scratch_.normed + static_cast<std::int64_t>(row) * width;
        if (norm.present())
            norm_row(norm, weights, x, out);
        else
            std::memcpy(out, x, size(width) * sizeof(float));
        if (packed) quantise_row(out, width, scratch_.quantised, row);
    });
    return linear_input(scratch_.normed, packed ? scratch_.quantised : nullptr, rows);
}

/// x += residual_scale * norm(part), for one row.
void CpuRunner::add_part(const Norm& norm, const NormWeights& weights, int row) {
    const int width = model_->spec->n_embd;
    float* part = scratch_.part + static_cast<std::int64_t>(row) * width;
    if (norm.present()) norm_row(norm, weights, part, part);
    kernels_.add_scaled(scratch_.x + static_cast<std::int64_t>(row) * width, part,
                        model_->spec->residual_scale, width);
}

void CpuRunner::observe(const LinearInput& input, const Matrix& matrix) const {
    if (!options_.observer) return;
    options_.observer->reads(matrix.tensor(), matrix.slice(), matrix.slices(),
                             {input.values, size(input.tokens * matrix.columns())}, input.tokens);
}

void CpuRunner::products(const LinearInput& input, std::span<const LinearPart> parts) {
    for (const LinearPart& part : parts) observe(input, *part.matrix);
    run_linears(*pool_, kernels_, input, parts);
    if (adapted_.empty()) return;
    for (const LinearPart& part : parts)
        if (part.name) adapt(input, part);
}

void CpuRunner::products_of_jobs() {
    for (const LinearJob& job : jobs_) observe(job.input, *job.part.matrix);
    run_linear_jobs(*pool_, kernels_, jobs_);
}

StepResult CpuRunner::outputs(const Batch& batch) {
    const ModelSpec& spec = *model_->spec;
    const std::int64_t width = spec.n_embd, vocabulary = spec.vocabulary;
    StepResult result;
    std::vector<std::size_t> with_logits;  // into result.rows
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const Row& row = batch.rows[r];
        if (row.output == RowOutput::nothing) continue;
        RowResult out;
        out.row = static_cast<int>(r);
        if (wants_logits(row))
            with_logits.push_back(result.rows.size());
        else
            out.values.assign(scratch_.x + static_cast<std::int64_t>(r) * width,
                              scratch_.x + static_cast<std::int64_t>(r + 1) * width);
        result.rows.push_back(std::move(out));
    }
    previous_ids_.assign(batch.rows.size(), std::nullopt);
    const Matrix& head = model_->head_matrix();
    for (std::size_t begin = 0; begin < with_logits.size(); begin += kLogitRows) {
        const int rows = static_cast<int>(std::min<std::size_t>(kLogitRows, with_logits.size() - begin));
        for_rows(rows, [&](int i) {
            const float* x = scratch_.x + result.rows[with_logits[begin + size(i)]].row * width;
            float* out = scratch_.normed + i * width;
            if (spec.head.norm.present())
                norm_row(spec.head.norm, model_->head_norm, x, out);
            else
                std::memcpy(out, x, size(width) * sizeof(float));
            if (head.packed()) quantise_row(out, width, scratch_.quantised, i);
        });
        const LinearPart parts[] = {{&head, or_null(model_->head_bias), scratch_.logits, vocabulary}};
        run_linears(*pool_, kernels_,
                    linear_input(scratch_.normed, head.packed() ? scratch_.quantised : nullptr, rows), parts);
        for (int i = 0; i < rows; ++i) {
            float* logits = scratch_.logits + i * vocabulary;
            if (spec.head.scale != 1) kernels_.scale(logits, spec.head.scale, vocabulary);
            if (spec.head.soft_cap > 0) kernels_.soft_cap(logits, spec.head.soft_cap, vocabulary);
            RowResult& out = result.rows[with_logits[begin + size(i)]];
            const Row& row = batch.rows[size(out.row)];
            if (row.output == RowOutput::sample) {
                out.sampled =
                    sample({logits, size(vocabulary)}, batch.samples[size(row.sample)], row.position);
                previous_ids_[size(out.row)] = out.sampled->id;
            } else {
                out.values.assign(logits, logits + vocabulary);
            }
            if (row.output == RowOutput::logits_and_hidden)
                out.hidden.assign(scratch_.x + out.row * width, scratch_.x + (out.row + 1) * width);
        }
    }
    return result;
}

}  // namespace pellucid::cpu
