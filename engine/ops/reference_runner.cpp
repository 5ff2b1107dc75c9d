#include "engine/ops/reference_runner.h"

#include <algorithm>
#include <string>

#include "engine/backend/check_batch.h"
#include "engine/ops/activation/reference.h"
#include "engine/ops/attention/reference.h"
#include "engine/ops/linear/reference.h"
#include "engine/ops/norm/reference.h"
#include "engine/ops/rope/reference.h"
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
    auto start = inputs(batch);
    previous_ids_.clear();
    if (!start) return start.failure();
    std::vector<float> x = *std::move(start);  // [rows, n_embd], the residual stream
    for (const PageCopy& copy : batch.copies) kv_.copy(copy);
    for (int layer = 0; layer < model_->spec->n_layers(); ++layer) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the step was stopped");
        attention(layer, batch, x);
        feed_forward(layer, x);
    }
    return outputs(batch, x);
}

Result<std::vector<float>> ReferenceRunner::inputs(const Batch& batch) const {
    const ModelSpec& spec = *model_->spec;
    std::vector<float> x(batch.rows.size() * size(spec.n_embd)), scratch;
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

std::vector<float> ReferenceRunner::linear(const ReferenceLinear& part, const std::vector<float>& x,
                                           int rows) const {
    const auto out = static_cast<std::size_t>(part.weight.rows());
    const auto in = static_cast<std::size_t>(part.weight.columns());
    std::vector<float> y(size(rows) * out);
    pool_->parallel_for(part.weight.rows(), 16, [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<float> scratch;
        for (auto o = static_cast<std::size_t>(begin); o < static_cast<std::size_t>(end); ++o) {
            const std::span<const float> weight = part.weight.row(static_cast<std::int64_t>(o), scratch);
            for (std::size_t t = 0; t < size(rows); ++t)
                y[t * out + o] = static_cast<float>(dot_reference(weight, row(x, t, in)) +
                                                    (part.bias.empty() ? 0.0 : part.bias[o]));
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

void ReferenceRunner::attention(int layer, const Batch& batch, std::vector<float>& x) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const Attention& attention = spec.attention;
    const ReferenceLayer& weights = model_->layers[size(layer)];
    const int rows = static_cast<int>(batch.rows.size());
    const std::size_t q_width = size(attention.q_width()), kv_width = size(attention.kv_width());
    const std::size_t head_dim = size(attention.head_dim);

    const std::vector<float> input = normed(spec.attention_norm, weights.attention_norm, x);
    std::vector<float> q, k, v;  // [rows, heads or kv_heads, head_dim]
    if (attention.fused()) {
        const std::vector<float> qkv = linear(weights.qkv, input, rows);
        for (std::size_t r = 0; r < batch.rows.size(); ++r) {
            const auto all = row(qkv, r, q_width + 2 * kv_width);
            q.insert(q.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(q_width));
            k.insert(k.end(), all.begin() + static_cast<std::ptrdiff_t>(q_width),
                     all.begin() + static_cast<std::ptrdiff_t>(q_width + kv_width));
            v.insert(v.end(), all.begin() + static_cast<std::ptrdiff_t>(q_width + kv_width), all.end());
        }
    } else {
        q = linear(weights.q, input, rows);
        k = linear(weights.k, input, rows);
        v = linear(weights.v, input, rows);
    }
    q = normed(attention.q_norm, weights.q_norm, q);
    k = normed(attention.k_norm, weights.k_norm, k);

    // Every row's keys and values lie in the pages before any row looks: rows of one sequence see each other.
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const int position = batch.rows[r].position;
        if (attention.rope >= 0) {
            const Rope& rope = model_->spec->ropes[size(attention.rope)];
            const std::vector<double>& frequencies = frequencies_[size(attention.rope)];
            rope_reference(row(q, r, q_width), attention.head_dim, rope, frequencies, position);
            rope_reference(row(k, r, kv_width), attention.head_dim, rope, frequencies, position);
        }
        const BatchSequence& sequence = batch.sequences[size(batch.rows[r].sequence)];
        for (int head = 0; head < attention.kv_heads; ++head) {
            const auto store = [&](std::span<const float> from, std::span<float> to) {
                std::copy(from.begin(), from.end(), to.begin());
                round_to_kv_format(options_.kv_format, to);
            };
            store(row(k, r, kv_width).subspan(size(head) * head_dim, head_dim),
                  kv_.key(layer, sequence, position, head));
            store(row(v, r, kv_width).subspan(size(head) * head_dim, head_dim),
                  kv_.value(layer, sequence, position, head));
        }
    }

    std::vector<float> mixed(size(rows) * q_width);
    pool_->parallel_for(
        std::int64_t{rows} * attention.heads, 1, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t item = begin; item < end; ++item) {
                const Row& at = batch.rows[static_cast<std::size_t>(item / attention.heads)];
                const int kv_head =
                    static_cast<int>(item % attention.heads) / (attention.heads / attention.kv_heads);
                const BatchSequence& sequence = batch.sequences[size(at.sequence)];
                attention_reference(
                    row(q, static_cast<std::size_t>(item), head_dim),
                    [&](int p) { return kv_.key(layer, sequence, p, kv_head); },
                    [&](int p) { return kv_.value(layer, sequence, p, kv_head); },
                    first_visible(at.position, attention.window), at.position, attention.scale,
                    attention.soft_cap, row(mixed, static_cast<std::size_t>(item), head_dim));
            }
        });
    add_to(x, normed(spec.attention_post_norm, weights.attention_post_norm,
                     linear(weights.output, mixed, rows)));
}

void ReferenceRunner::feed_forward(int layer, std::vector<float>& x) {
    const Layer& spec = model_->spec->layers[size(layer)];
    const FeedForward& feed_forward = spec.feed_forward;
    const ReferenceLayer& weights = model_->layers[size(layer)];
    const int rows = static_cast<int>(x.size() / size(model_->spec->n_embd));
    const std::size_t width = size(feed_forward.width);

    const std::vector<float> input = normed(spec.feed_forward_norm, weights.feed_forward_norm, x);
    std::vector<float> inner(size(rows) * width);
    const auto activate = [&](std::size_t r, std::span<const float> gate, std::span<const float> up) {
        gated_activation_reference(feed_forward.activation, gate, up, row(inner, r, width));
    };
    if (feed_forward.fused()) {
        const std::vector<float> both = linear(weights.gate_up, input, rows);
        for (std::size_t r = 0; r < size(rows); ++r)
            activate(r, row(both, 2 * r, width), row(both, 2 * r + 1, width));
    } else {
        const std::vector<float> up = linear(weights.up, input, rows);
        if (feed_forward.gated) {
            const std::vector<float> gate = linear(weights.gate, input, rows);
            for (std::size_t r = 0; r < size(rows); ++r) activate(r, row(gate, r, width), row(up, r, width));
        } else {
            for (std::size_t r = 0; r < size(rows); ++r) activate(r, row(up, r, width), {});
        }
    }
    add_to(x, normed(spec.feed_forward_post_norm, weights.feed_forward_post_norm,
                     linear(weights.down, inner, rows)));
}

StepResult ReferenceRunner::outputs(const Batch& batch, const std::vector<float>& x) {
    const ModelSpec& spec = *model_->spec;
    const std::size_t width = size(spec.n_embd), vocabulary = size(spec.vocabulary);
    const auto wants_head = [](const Row& r) {
        return r.output == RowOutput::logits || r.output == RowOutput::sample;
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
        } else {
            out.values.assign(row(x, r, width).begin(), row(x, r, width).end());
        }
        result.rows.push_back(std::move(out));
    }
    return result;
}

}  // namespace pellucid
