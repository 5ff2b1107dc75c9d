#include "engine/cpu/cpu_encoder.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>
#include <vector>

#include "engine/cpu/linear_step.h"
#include "engine/quant/decode.h"

namespace pellucid {

namespace cpu {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

struct EncoderLayerWeights {
    LinearWeights q, k, v, qkv, output, up, down;
    NormWeights attention_norm, output_norm;
};

/// Loads parts and remembers the first failure.
class EncoderLoader {
public:
    EncoderLoader(const WeightSource& source, ThreadPool& pool) : source_(source), pool_(pool) {}

    Matrix matrix(const std::string& name) {
        const auto loaded = find(name);
        if (!loaded) return {};
        auto made = Matrix::make(loaded->view, pool_, {}, loaded->made);
        if (!made) return refuse(made.error()), Matrix{};
        return *std::move(made);
    }
    std::vector<float> vector(const std::string& name) {
        const auto loaded = find(name);
        if (!loaded) return {};
        std::vector<float> values(size(loaded->view.rows() * loaded->view.columns()));
        if (auto done = decode(loaded->view.type, loaded->view.bytes, values); !done) refuse(done.error());
        return values;
    }
    LinearWeights linear(const Linear& part) { return {matrix(part.weight), vector(part.bias)}; }
    NormWeights norm(const Norm& part) { return {vector(part.weight), vector(part.bias)}; }
    const std::optional<Error>& error() const { return error_; }

private:
    std::optional<LoadedTensor> find(const std::string& name) {
        if (name.empty() || error_) return std::nullopt;
        const TensorView* view = source_.find(name);
        if (!view) {
            refuse({ErrorCode::not_found, "tensor '" + name + "' is missing",
                    "the model file is incomplete; download it again"});
            return std::nullopt;
        }
        auto loaded = source_.load(*view);
        if (loaded) return *std::move(loaded);
        refuse(loaded.error());
        return std::nullopt;
    }
    void refuse(Error error) {
        if (!error_) error_ = std::move(error);
    }

    const WeightSource& source_;
    ThreadPool& pool_;
    std::optional<Error> error_;
};

/// Keys and values of one head of one text, as the attention kernel reads them, and its scores.
struct HeadScratch {
    std::vector<float> keys;    // [head_dim, stride]
    std::vector<float> values;  // [tokens, head_dim]
    std::vector<float> scores;  // [kQueries, stride]
};

class CpuEncoder final : public Encoder {
public:
    CpuEncoder(std::shared_ptr<const EncoderSpec> spec, std::shared_ptr<const WeightSource> source,
               std::shared_ptr<ThreadPool> pool, Isa isa)
        : spec_(std::move(spec)),
          source_(std::move(source)),
          pool_(std::move(pool)),
          kernels_(kernels_for(isa)) {}

    Result<void> load() {
        EncoderLoader in(*source_, *pool_);
        embedding_ = in.matrix(spec_->embedding);
        position_ = in.matrix(spec_->position_embedding);
        type_ = in.vector(spec_->type_embedding);
        embedding_norm_ = in.norm(spec_->embedding_norm);
        for (const EncoderLayer& layer : spec_->layers) {
            layers_.push_back({in.linear(layer.q), in.linear(layer.k), in.linear(layer.v),
                               in.linear(layer.qkv), in.linear(layer.output), in.linear(layer.up),
                               in.linear(layer.down), in.norm(layer.attention_norm),
                               in.norm(layer.output_norm)});
            if (in.error()) break;
        }
        if (in.error()) return fail(*in.error());
        heads_.resize(size(pool_->size()));
        return {};
    }

    const EncoderSpec& spec() const override { return *spec_; }
    std::string description() const override {
        return "cpu: " + std::string(to_string(kernels_.isa)) + ", " + std::to_string(pool_->size()) +
               (pool_->size() == 1 ? " thread" : " threads");
    }

    Result<void> run(const EncoderBatch& batch, std::span<float> hidden, CancelToken cancel) override {
        PELLUCID_CHECK(check_batch(*spec_, batch, hidden));
        try {
            return run_checked(batch, hidden.data(), cancel);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::out_of_memory,
                        "no memory for " + std::to_string(batch.tokens()) + " tokens at once",
                        "close other programs, or embed shorter texts");
        }
    }

private:
    Result<void> run_checked(const EncoderBatch& batch, float* x, const CancelToken& cancel) {
        const EncoderSpec& spec = *spec_;
        const std::int64_t n = spec.n_embd, tokens = batch.tokens();
        qkv_.resize(size(tokens * 3 * n));
        mixed_.resize(size(tokens * n));
        part_.resize(size(tokens * n));
        wide_.resize(size(tokens * spec.feed_forward));
        quantised_.resize(size(tokens * std::max<std::int64_t>(n, spec.feed_forward) / kBlockColumns + 1));
        embed(batch, x);
        for (std::size_t l = 0; l < layers_.size(); ++l) {
            if (cancel.cancelled()) return fail(ErrorCode::cancelled, "embedding was stopped");
            const EncoderLayer& layer = spec.layers[l];
            const EncoderLayerWeights& weights = layers_[l];
            if (layer.fused()) {
                linear(x, tokens, {{&weights.qkv, qkv_.data(), 3 * n}});
            } else {
                linear(x, tokens,
                       {{&weights.q, qkv_.data(), 3 * n},
                        {&weights.k, qkv_.data() + n, 3 * n},
                        {&weights.v, qkv_.data() + 2 * n, 3 * n}});
            }
            attention(batch);
            linear(mixed_.data(), tokens, {{&weights.output, part_.data(), n}});
            add_and_norm(x, weights.attention_norm, layer.attention_norm.eps, tokens);
            linear(x, tokens, {{&weights.up, wide_.data(), spec.feed_forward}});
            for_tokens(tokens, [&](std::int64_t t) {
                float* row = wide_.data() + t * spec.feed_forward;
                kernels_.activate(spec.activation, row, nullptr, spec.feed_forward, row);
            });
            linear(wide_.data(), tokens, {{&weights.down, part_.data(), n}});
            add_and_norm(x, weights.output_norm, layer.output_norm.eps, tokens);
        }
        return {};
    }

    template <typename Fn>
    void for_tokens(std::int64_t tokens, Fn&& fn) {
        pool_->parallel_for(tokens, 8, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t t = begin; t < end; ++t) fn(t);
        });
    }

    void embed(const EncoderBatch& batch, float* x) {
        const std::int64_t n = spec_->n_embd;
        std::vector<std::int32_t> places;  // of each token in its text
        places.reserve(batch.ids.size());
        for (std::size_t s = 0; s + 1 < batch.begins.size(); ++s)
            for (std::int32_t t = batch.begins[s]; t < batch.begins[s + 1]; ++t)
                places.push_back(t - batch.begins[s]);
        for_tokens(batch.tokens(), [&](std::int64_t t) {
            float* row = x + t * n;
            float* other = part_.data() + t * n;
            embedding_.decode_row(batch.ids[size(t)], row);
            position_.decode_row(places[size(t)] + spec_->first_position, other);
            kernels_.add_scaled(row, other, 1, n);
            if (!type_.empty()) kernels_.add_scaled(row, type_.data(), 1, n);
            norm(row, embedding_norm_, spec_->embedding_norm.eps);
        });
    }

    void norm(float* row, const NormWeights& weights, float eps) {
        kernels_.layer_norm(row, weights.weight.data(), weights.bias.empty() ? nullptr : weights.bias.data(),
                            spec_->n_embd, eps, row);
    }
    /// x = norm(x + part_)
    void add_and_norm(float* x, const NormWeights& weights, float eps, std::int64_t tokens) {
        const std::int64_t n = spec_->n_embd;
        for_tokens(tokens, [&](std::int64_t t) {
            kernels_.add_scaled(x + t * n, part_.data() + t * n, 1, n);
            norm(x + t * n, weights, eps);
        });
    }

    struct Output {
        const LinearWeights* weights;
        float* out;
        std::int64_t stride;
    };
    /// All outputs read `x` [tokens, columns of the matrices].
    void linear(const float* x, std::int64_t tokens, std::initializer_list<Output> outputs) {
        LinearInput input{x, nullptr, static_cast<int>(tokens)};
        std::vector<LinearPart> parts;
        bool packed = false;
        for (const Output& output : outputs) {
            const LinearWeights& weights = *output.weights;
            packed = packed || weights.matrix.packed();
            parts.push_back({&weights.matrix, weights.bias.empty() ? nullptr : weights.bias.data(),
                             output.out, output.stride});
        }
        if (packed) {
            const std::int64_t columns = outputs.begin()->weights->matrix.columns();
            for_tokens(tokens, [&](std::int64_t t) {
                kernels_.quantise(x + t * columns, columns,
                                  quantised_.data() + t * (columns / kBlockColumns));
            });
            input.quantised = quantised_.data();
        }
        run_linears(*pool_, kernels_, input, parts);
    }

    /// qkv_ to mixed_, a head of a text at a time: its keys are turned and its values gathered once, then all
    /// of the text's queries read them.
    void attention(const EncoderBatch& batch) {
        const std::int64_t heads = spec_->heads;
        pool_->parallel_for(batch.texts() * heads, 1, [&](std::int64_t begin, std::int64_t end, int worker) {
            for (std::int64_t i = begin; i < end; ++i)
                attend(batch.begins[size(i / heads)], batch.begins[size(i / heads) + 1], i % heads,
                       heads_[size(worker)]);
        });
    }

    void attend(std::int64_t first, std::int64_t end, std::int64_t head, HeadScratch& scratch) {
        const std::int64_t n = spec_->n_embd, dim = spec_->head_dim(), tokens = end - first,
                           stride = (tokens + 15) / 16 * 16;
        scratch.keys.resize(size(dim * stride));
        scratch.values.resize(size(tokens * dim));
        scratch.scores.resize(size(AttentionTile::kQueries * stride));
        float* const q = qkv_.data() + first * 3 * n + head * dim;
        for (std::int64_t t = 0; t < tokens; ++t) {
            const float* k = q + t * 3 * n + n;
            const float* v = q + t * 3 * n + 2 * n;
            for (std::int64_t d = 0; d < dim; ++d) scratch.keys[size(d * stride + t)] = k[d];
            std::copy(v, v + dim, scratch.values.begin() + static_cast<std::ptrdiff_t>(t * dim));
        }
        // What pads the last vector of positions is never weighed, but must be finite.
        for (std::int64_t d = 0; d < dim; ++d)
            std::fill_n(scratch.keys.begin() + static_cast<std::ptrdiff_t>(d * stride + tokens),
                        stride - tokens, 0.0f);
        const float scale = 1.0f / std::sqrt(static_cast<float>(dim));
        const std::int32_t page = 0;
        for (std::int64_t t = 0; t < tokens; t += AttentionTile::kQueries) {
            AttentionTile tile;
            tile.queries = static_cast<int>(std::min<std::int64_t>(AttentionTile::kQueries, tokens - t));
            for (int i = 0; i < tile.queries; ++i) {
                float* query = q + (t + i) * 3 * n;
                kernels_.scale(query, scale, dim);
                tile.q[i] = query;
                tile.first[i] = 0;
                tile.last[i] = static_cast<int>(tokens) - 1;
                tile.out[i] = mixed_.data() + (first + t + i) * n + head * dim;
            }
            tile.pages = &page;
            tile.begin_page = 0;
            tile.end_page = 1;
            tile.keys = reinterpret_cast<const std::byte*>(scratch.keys.data());
            tile.values = reinterpret_cast<const std::byte*>(scratch.values.data());
            tile.format = KvFormat::f32;
            tile.head_dim = static_cast<int>(dim);
            tile.page_tokens = static_cast<int>(tokens);
            tile.page_stride = static_cast<int>(stride);
            tile.scores = scratch.scores.data();
            kernels_.attend(tile);
            for (int i = 0; i < tile.queries; ++i) kernels_.scale(tile.out[i], 1.0f / tile.sum[i], dim);
        }
    }

    std::shared_ptr<const EncoderSpec> spec_;
    std::shared_ptr<const WeightSource> source_;
    std::shared_ptr<ThreadPool> pool_;
    const Kernels& kernels_;
    Matrix embedding_, position_;
    std::vector<float> type_;  // [types, n_embd]
    NormWeights embedding_norm_;
    std::vector<EncoderLayerWeights> layers_;
    // Of the batch that runs.
    std::vector<float> qkv_;          // [tokens, 3 * n_embd]: queries, keys, values
    std::vector<float> mixed_;        // [tokens, n_embd]
    std::vector<float> part_;         // [tokens, n_embd]
    std::vector<float> wide_;         // [tokens, feed_forward]
    std::vector<Q8Block> quantised_;  // [tokens, columns / 32]
    std::vector<HeadScratch> heads_;  // by worker
};

}  // namespace
}  // namespace cpu

Result<std::unique_ptr<Encoder>> make_cpu_encoder(std::shared_ptr<const EncoderSpec> spec,
                                                  std::shared_ptr<const WeightSource> weights,
                                                  std::shared_ptr<ThreadPool> pool, cpu::Isa isa) {
    auto encoder =
        std::make_unique<cpu::CpuEncoder>(std::move(spec), std::move(weights), std::move(pool), isa);
    PELLUCID_CHECK(encoder->load());
    return std::unique_ptr<Encoder>(std::move(encoder));
}

}  // namespace pellucid
