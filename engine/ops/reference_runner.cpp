#include "engine/ops/reference_runner.h"

#include <algorithm>
#include <string>

#include "engine/backend/check_batch.h"
#include "engine/ops/activation/reference.h"
#include "engine/ops/linear/reference.h"
#include "engine/ops/norm/reference.h"
#include "engine/ops/sample/reference.h"

namespace pellucid {
namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

std::span<float> row(std::vector<float>& x, std::size_t index, std::size_t width) {
    return std::span(x).subspan(index * width, width);
}
std::span<const float> row(const std::vector<float>& x, std::size_t index, std::size_t width) {
    return std::span(x).subspan(index * width, width);
}

void norm_row(const Norm& norm, const ReferenceNorm& weights, std::span<const float> x, std::span<float> y) {
    if (norm.kind == NormKind::rms)
        rms_norm_reference(x, weights.weight, norm.eps, y);
    else
        layer_norm_reference(x, weights.weight, weights.bias, norm.eps, y);
}

}  // namespace

ReferenceRunner::ReferenceRunner(std::shared_ptr<const ReferenceModel> model,
                                 std::shared_ptr<ThreadPool> pool, const RunnerOptions& options)
    : model_(std::move(model)), pool_(std::move(pool)), options_(options), kv_(*model_->spec, options) {
    const ModelSpec& spec = *model_->spec;
    const int context = options_.context > 0 ? options_.context : spec.trained_context;
    for (std::size_t i = 0; i < spec.ropes.size(); ++i) {
        const bool far = uses_long_factors(spec.ropes[i], context);
        frequencies_.push_back(
            rope_frequencies(spec.ropes[i], far ? model_->rope_long_factors[i] : model_->rope_factors[i]));
    }
}

Result<Ticket> ReferenceRunner::submit(const Batch& batch, CancelToken cancel) {
    PELLUCID_CHECK(check_batch(batch, options_, *model_->spec, static_cast<int>(previous_ids_.size())));
    const Ticket ticket = next_ticket_++;
    done_.emplace(ticket, step(batch, cancel));
    return ticket;
}

Result<StepResult> ReferenceRunner::wait(Ticket ticket) {
    auto found = done_.extract(ticket);
    if (found.empty())
        return fail(ErrorCode::invalid_argument, "step " + std::to_string(ticket) + " is unknown or was read",
                    "this is a fault of the caller");
    return std::move(found.mapped());
}

Result<StepResult> ReferenceRunner::step(const Batch& batch, const CancelToken& cancel) {
    PELLUCID_TRY(adapted_, adapters_.rows_of(batch));
    auto start = inputs(batch);
    previous_ids_.clear();
    if (!start) return start.failure();
    std::vector<float> x = *std::move(start);  // [rows, n_embd], the residual stream
    for (const PageCopy& copy : batch.copies) kv_.copy(copy);
    const HalfRange range = half_range(batch, *model_->spec);
    for (int half = range.begin; half < range.end; ++half) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the step was stopped");
        if (half % 2 == 0)
            attention_half(half / 2, batch, x);
        else
            feed_forward_half(half / 2, x);
    }
    return outputs(batch, x);
}

void ReferenceRunner::attention_half(int layer, const Batch& batch, std::vector<float>& x) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const ReferenceLayer& weights = model_->layers[size(layer)];
    const std::vector<float> input = normed(spec.attention_norm, weights.attention_norm, x);
    const std::vector<float> mixed = spec.latent.present()        ? latent_attention(layer, batch, input)
                                     : spec.convolution.present() ? convolution(layer, batch, input)
                                                                  : attention(layer, batch, input);
    add_to(x, normed(spec.attention_post_norm, weights.attention_post_norm, mixed));
}

void ReferenceRunner::feed_forward_half(int layer, std::vector<float>& x) const {
    const Layer& spec = model_->spec->layers[size(layer)];
    const ReferenceLayer& weights = model_->layers[size(layer)];
    const std::vector<float> input = normed(spec.feed_forward_norm, weights.feed_forward_norm, x);
    add_to(x, normed(spec.feed_forward_post_norm, weights.feed_forward_post_norm,
                     spec.mixed() ? experts(spec.experts, weights.experts, input)
                                  : feed_forward(spec.feed_forward, weights.feed_forward, input)));
}

Result<std::vector<float>> ReferenceRunner::inputs(const Batch& batch) const {
    const ModelSpec& spec = *model_->spec;
    std::vector<float> x(batch.rows.size() * size(spec.n_embd)), scratch;
    if (spec.next_input.present() && batch.begin_half == 0) return next_inputs(batch);
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const std::span<float> to = row(x, r, size(spec.n_embd));
        if (const auto* hidden = std::get_if<std::vector<float>>(&batch.rows[r].input)) {
            std::copy(hidden->begin(), hidden->end(), to.begin());
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
        const std::span<const float> from = model_->embedding.row(*id, scratch);
        std::transform(from.begin(), from.end(), to.begin(),
                       [&](float v) { return v * spec.embedding_scale; });
    }
    return x;
}

/// project([embedding_norm(e), hidden_norm(h)]).
std::vector<float> ReferenceRunner::next_inputs(const Batch& batch) const {
    const ModelSpec& spec = *model_->spec;
    const std::size_t width = size(spec.n_embd);
    std::vector<float> both(batch.rows.size() * 2 * width), embedding(width), scratch;
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const auto& input = std::get<NextTokenRow>(batch.rows[r].input);
        const std::span<const float> from = model_->embedding.row(input.id, scratch);
        std::transform(from.begin(), from.end(), embedding.begin(),
                       [&](float v) { return v * spec.embedding_scale; });
        const std::span<float> to = row(both, r, 2 * width);
        norm_row(spec.next_input.embedding_norm, model_->next_embedding_norm, embedding, to.first(width));
        norm_row(spec.next_input.hidden_norm, model_->next_hidden_norm, input.hidden, to.subspan(width));
    }
    return linear(model_->next_project, both, static_cast<int>(batch.rows.size()));
}

std::vector<float> ReferenceRunner::linear(const ReferenceLinear& part, std::span<const float> x,
                                           int rows) const {
    std::vector<float> y = linear_rows(part, x, rows, 0, part.weight.rows());
    if (!adapted_.empty()) adapt(part.name, x, y, rows);
    return y;
}

Result<AdapterId> ReferenceRunner::load_adapter(std::shared_ptr<const Adapter> adapter) {
    return adapters_.add(std::move(adapter));
}

void ReferenceRunner::unload_adapter(AdapterId id) {
    adapters_.remove(id);
}

void ReferenceRunner::adapt(const std::string& name, std::span<const float> x, std::vector<float>& y,
                            int rows) const {
    for (const AdaptedRows& run : adapted_) {
        const auto found = run.adapter->parts.find(name);
        if (found == run.adapter->parts.end()) continue;
        const AdapterPart& part = found->second;
        const std::size_t in = size(part.in), out = size(part.out), rank = size(part.rank);
        std::vector<float> inner(rank);
        for (int r = run.first; r < run.first + run.count && r < rows; ++r) {
            for (std::size_t i = 0; i < rank; ++i)
                inner[i] = static_cast<float>(
                    dot_reference(std::span(part.a).subspan(i * in, in), x.subspan(size(r) * in, in)));
            for (std::size_t o = 0; o < out; ++o)
                y[size(r) * out + o] +=
                    static_cast<float>(static_cast<double>(run.strength) * static_cast<double>(part.scale) *
                                       dot_reference(std::span(part.b).subspan(o * rank, rank), inner));
        }
    }
}

std::vector<float> ReferenceRunner::linear_rows(const ReferenceLinear& part, std::span<const float> x,
                                                int rows, std::int64_t first, std::int64_t count) const {
    const auto out = static_cast<std::size_t>(count);
    const auto in = static_cast<std::size_t>(part.weight.columns());
    std::vector<float> y(size(rows) * out);
    pool_->parallel_for(count, 16, [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<float> scratch;
        for (std::int64_t o = begin; o < end; ++o) {
            const std::span<const float> weight = part.weight.row(first + o, scratch);
            const double bias = part.bias.empty() ? 0.0 : part.bias[static_cast<std::size_t>(first + o)];
            for (std::size_t t = 0; t < size(rows); ++t)
                y[t * out + static_cast<std::size_t>(o)] =
                    static_cast<float>(dot_reference(weight, x.subspan(t * in, in)) + bias);
        }
    });
    return y;
}

std::vector<float> ReferenceRunner::normed(const Norm& norm, const ReferenceNorm& weights,
                                           const std::vector<float>& x) const {
    if (!norm.present()) return x;
    std::vector<float> y(x.size());
    const std::size_t width = size(norm.width);
    for (std::size_t r = 0; r < x.size() / width; ++r)
        norm_row(norm, weights, row(x, r, width), row(y, r, width));
    return y;
}

void ReferenceRunner::add_to(std::vector<float>& x, const std::vector<float>& part) const {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += model_->spec->residual_scale * part[i];
}

StepResult ReferenceRunner::outputs(const Batch& batch, const std::vector<float>& x) {
    const ModelSpec& spec = *model_->spec;
    const std::size_t width = size(spec.n_embd), vocabulary = size(spec.vocabulary);
    const auto wants_head = [](const Row& r) {
        return r.output == RowOutput::logits || r.output == RowOutput::sample ||
               r.output == RowOutput::logits_and_hidden;
    };
    std::vector<float> last;  // [rows with logits, n_embd]
    for (std::size_t r = 0; r < batch.rows.size(); ++r)
        if (wants_head(batch.rows[r]))
            last.insert(last.end(), row(x, r, width).begin(), row(x, r, width).end());

    const WeightMatrix& head = spec.head.tied ? model_->embedding : model_->head;
    const std::vector<float> input = normed(spec.head.norm, model_->head_norm, last);
    const std::size_t head_rows = last.size() / width;
    std::vector<float> logits(head_rows * vocabulary);
    pool_->parallel_for(spec.vocabulary, 64, [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<float> scratch;
        for (auto id = static_cast<std::size_t>(begin); id < static_cast<std::size_t>(end) && head_rows > 0;
             ++id) {
            const std::span<const float> weight = head.row(static_cast<std::int64_t>(id), scratch);
            for (std::size_t r = 0; r < head_rows; ++r) {
                const double sum = dot_reference(weight, row(input, r, width)) +
                                   (model_->head_bias.empty() ? 0.0 : model_->head_bias[id]);
                logits[r * vocabulary + id] = static_cast<float>(
                    soft_cap_reference(sum * static_cast<double>(spec.head.scale), spec.head.soft_cap));
            }
        }
    });

    StepResult result;
    previous_ids_.assign(batch.rows.size(), std::nullopt);
    std::size_t next_logits = 0;
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const Row& at = batch.rows[r];
        if (at.output == RowOutput::nothing) continue;
        RowResult out;
        out.row = static_cast<int>(r);
        if (wants_head(at)) {
            const auto values = row(logits, next_logits++, vocabulary);
            if (at.output == RowOutput::sample) {
                out.sampled = sample_reference(values, batch.samples[size(at.sample)], at.position);
                previous_ids_[r] = out.sampled->id;
            } else {
                out.values.assign(values.begin(), values.end());
            }
            if (at.output == RowOutput::logits_and_hidden)
                out.hidden.assign(row(x, r, width).begin(), row(x, r, width).end());
        } else {
            out.values.assign(row(x, r, width).begin(), row(x, r, width).end());
        }
        result.rows.push_back(std::move(out));
    }
    return result;
}

}  // namespace pellucid
