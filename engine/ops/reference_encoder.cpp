#include "engine/ops/reference_encoder.h"

#include <cmath>
#include <new>
#include <utility>
#include <vector>

#include "engine/ops/activation/reference.h"
#include "engine/ops/attention/reference.h"
#include "engine/ops/linear/reference.h"
#include "engine/ops/norm/reference.h"
#include "engine/quant/decode.h"

namespace pellucid {

namespace {

struct LinearValues {
    std::vector<float> weight, bias;  // [out, in]; [out] or empty
};
struct NormValues {
    std::vector<float> weight, bias;  // [n_embd]
};
struct LayerValues {
    LinearValues q, k, v, output, up, down;
    NormValues attention_norm, output_norm;
};

/// Loads parts and remembers the first failure.
class Loader {
public:
    explicit Loader(const WeightSource& source) : source_(source) {}

    std::vector<float> values(const std::string& name) {
        if (name.empty() || error_) return {};
        const TensorView* view = source_.find(name);
        if (!view) {
            error_ =
                Error{ErrorCode::not_found, "tensor " + name + " is missing", "the model file is incomplete"};
            return {};
        }
        const auto loaded = source_.load(*view);
        std::vector<float> out(static_cast<std::size_t>(view->rows() * view->columns()));
        const auto done =
            loaded ? decode(loaded->view.type, loaded->view.bytes, out) : Result<void>(loaded.failure());
        if (!done) error_ = done.error();
        return out;
    }
    LinearValues linear(const Linear& part) { return {values(part.weight), values(part.bias)}; }
    NormValues norm(const Norm& part) { return {values(part.weight), values(part.bias)}; }
    /// Rows [part * n, (part + 1) * n) of a fused matrix.
    LinearValues slice(const LinearValues& all, int part, int n, int in) {
        const auto cut = [&](const std::vector<float>& from, std::size_t width) {
            if (from.empty()) return std::vector<float>();
            const auto begin =
                from.begin() + static_cast<std::ptrdiff_t>(width * static_cast<std::size_t>(part * n));
            return std::vector<float>(
                begin, begin + static_cast<std::ptrdiff_t>(width * static_cast<std::size_t>(n)));
        };
        if (error_) return {};
        return {cut(all.weight, static_cast<std::size_t>(in)), cut(all.bias, 1)};
    }
    const std::optional<Error>& error() const { return error_; }

private:
    const WeightSource& source_;
    std::optional<Error> error_;
};

class ReferenceEncoder final : public Encoder {
public:
    ReferenceEncoder(std::shared_ptr<const EncoderSpec> spec, std::shared_ptr<ThreadPool> pool)
        : spec_(std::move(spec)), pool_(std::move(pool)) {}

    Result<void> load(const WeightSource& source) {
        Loader in(source);
        const int n = spec_->n_embd;
        embedding_ = in.values(spec_->embedding);
        position_ = in.values(spec_->position_embedding);
        type_ = in.values(spec_->type_embedding);
        embedding_norm_ = in.norm(spec_->embedding_norm);
        for (const EncoderLayer& layer : spec_->layers) {
            LayerValues values;
            if (layer.fused()) {
                const LinearValues all = in.linear(layer.qkv);
                values.q = in.slice(all, 0, n, n);
                values.k = in.slice(all, 1, n, n);
                values.v = in.slice(all, 2, n, n);
            } else {
                values.q = in.linear(layer.q);
                values.k = in.linear(layer.k);
                values.v = in.linear(layer.v);
            }
            values.output = in.linear(layer.output);
            values.attention_norm = in.norm(layer.attention_norm);
            values.up = in.linear(layer.up);
            values.down = in.linear(layer.down);
            values.output_norm = in.norm(layer.output_norm);
            layers_.push_back(std::move(values));
            if (in.error()) break;
        }
        if (in.error()) return fail(*in.error());
        return {};
    }

    const EncoderSpec& spec() const override { return *spec_; }
    std::string description() const override {
        return "reference: scalar, float32 weights, " + std::to_string(pool_->size()) +
               (pool_->size() == 1 ? " thread" : " threads");
    }
    Result<void> run(const EncoderBatch& batch, std::span<float> hidden, CancelToken cancel) override {
        PELLUCID_CHECK(check_batch(*spec_, batch, hidden));
        for (int s = 0; s < batch.texts(); ++s) {
            const auto begin = static_cast<std::size_t>(batch.begins[static_cast<std::size_t>(s)]),
                       end = static_cast<std::size_t>(batch.begins[static_cast<std::size_t>(s) + 1]);
            const auto n = static_cast<std::size_t>(spec_->n_embd);
            PELLUCID_CHECK(run_text(batch.ids.subspan(begin, end - begin),
                                    hidden.subspan(begin * n, (end - begin) * n), cancel));
        }
        return {};
    }

private:
    using Row = std::span<const float>;

    Row row(const std::vector<float>& values, std::size_t r) const {
        const auto n = static_cast<std::size_t>(spec_->n_embd);
        return std::span(values).subspan(r * n, n);
    }
    /// y [tokens, out] of x [tokens, in]; tokens shared out to the pool.
    std::vector<float> linear(const LinearValues& part, std::span<const float> x, int out, int in) const {
        const auto tokens = x.size() / static_cast<std::size_t>(in);
        std::vector<float> y(tokens * static_cast<std::size_t>(out));
        pool_->parallel_for(
            static_cast<std::int64_t>(tokens), 1, [&](std::int64_t begin, std::int64_t end, int) {
                for (std::int64_t t = begin; t < end; ++t)
                    linear_reference(
                        part.weight, part.bias,
                        x.subspan(static_cast<std::size_t>(t * in), static_cast<std::size_t>(in)),
                        std::span(y).subspan(static_cast<std::size_t>(t * out),
                                             static_cast<std::size_t>(out)),
                        1, out, in);
            });
        return y;
    }
    /// x = norm(x + y), row by row.
    void add_and_norm(std::span<float> x, const std::vector<float>& y, const NormValues& norm,
                      float eps) const {
        const auto n = static_cast<std::size_t>(spec_->n_embd);
        for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
        for (std::size_t at = 0; at < x.size(); at += n)
            layer_norm_reference(x.subspan(at, n), norm.weight, norm.bias, eps, x.subspan(at, n));
    }

    Result<void> run_text(std::span<const TokenId> ids, std::span<float> x, const CancelToken& cancel) const {
        const EncoderSpec& spec = *spec_;
        const auto n = static_cast<std::size_t>(spec.n_embd), dim = static_cast<std::size_t>(spec.head_dim());
        for (std::size_t t = 0; t < ids.size(); ++t) {
            const Row token = row(embedding_, static_cast<std::size_t>(ids[t])),
                      position = row(position_, t + static_cast<std::size_t>(spec.first_position));
            for (std::size_t i = 0; i < n; ++i)
                x[t * n + i] = token[i] + position[i] + (type_.empty() ? 0.0f : type_[i]);
            layer_norm_reference(x.subspan(t * n, n), embedding_norm_.weight, embedding_norm_.bias,
                                 spec.embedding_norm.eps, x.subspan(t * n, n));
        }
        const float scale = 1.0f / std::sqrt(static_cast<float>(dim));
        for (std::size_t l = 0; l < layers_.size(); ++l) {
            if (cancel.cancelled()) return fail(ErrorCode::cancelled, "embedding was stopped");
            const LayerValues& layer = layers_[l];
            const std::vector<float> q = linear(layer.q, x, spec.n_embd, spec.n_embd),
                                     k = linear(layer.k, x, spec.n_embd, spec.n_embd),
                                     v = linear(layer.v, x, spec.n_embd, spec.n_embd);
            std::vector<float> mixed(x.size());
            for (std::size_t t = 0; t < ids.size(); ++t)
                for (std::size_t h = 0; h < n; h += dim) {
                    const auto head_of = [&](const std::vector<float>& values) {
                        return [&values, n, h, dim](int p) {
                            return std::span<const float>(values).subspan(static_cast<std::size_t>(p) * n + h,
                                                                          dim);
                        };
                    };
                    attention_reference(std::span(q).subspan(t * n + h, dim), head_of(k), head_of(v), 0,
                                        static_cast<int>(ids.size()) - 1, scale, 0,
                                        std::span(mixed).subspan(t * n + h, dim));
                }
            add_and_norm(x, linear(layer.output, mixed, spec.n_embd, spec.n_embd), layer.attention_norm,
                         spec.layers[l].attention_norm.eps);
            std::vector<float> wide = linear(layer.up, x, spec.feed_forward, spec.n_embd);
            gated_activation_reference(spec.activation, wide, {}, wide);
            add_and_norm(x, linear(layer.down, wide, spec.n_embd, spec.feed_forward), layer.output_norm,
                         spec.layers[l].output_norm.eps);
        }
        return {};
    }

    std::shared_ptr<const EncoderSpec> spec_;
    std::shared_ptr<ThreadPool> pool_;
    std::vector<float> embedding_, position_, type_;  // [rows, n_embd]
    NormValues embedding_norm_;
    std::vector<LayerValues> layers_;
};

}  // namespace

Result<std::unique_ptr<Encoder>> make_reference_encoder(std::shared_ptr<const EncoderSpec> spec,
                                                        std::shared_ptr<const WeightSource> weights,
                                                        std::shared_ptr<ThreadPool> pool) {
    try {
        auto encoder = std::make_unique<ReferenceEncoder>(std::move(spec), std::move(pool));
        PELLUCID_CHECK(encoder->load(*weights));
        return std::unique_ptr<Encoder>(std::move(encoder));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::out_of_memory, "no memory to hold the weights as float32",
                    "close other programs or choose a smaller model");
    }
}

}  // namespace pellucid
