#include "engine/cpu/weights.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "engine/quant/decode.h"

namespace pellucid::cpu {

namespace {

bool is_dense(TensorType type) {
    return type == TensorType::f32 || type == TensorType::f16 || type == TensorType::bf16;
}

/// The matrices of a tensor [count, rows, columns]; any other tensor is one.
std::vector<TensorView> slices(const TensorView& view) {
    if (view.shape.size() != 3 || view.shape[0] < 1) return {view};
    const auto count = static_cast<std::size_t>(view.shape[0]);
    const std::size_t bytes = view.bytes.size() / count;
    std::vector<TensorView> parts(count, view);
    for (std::size_t i = 0; i < count; ++i) {
        parts[i].shape.erase(parts[i].shape.begin());
        parts[i].bytes = view.bytes.subspan(i * bytes, bytes);
    }
    return parts;
}

/// Loads parts and remembers the first failure.
class Loader {
public:
    Loader(const ModelSpec& spec, const WeightSource& source, ThreadPool& pool, const PrepareOptions& options)
        : source_(source), pool_(pool), options_(options), needs_(tensor_needs(spec)) {}

    /// Memory for every packed matrix, in one piece.
    Result<AlignedBuffer> reserve() {
        std::uint64_t bytes = 0;
        for (const TensorNeed& need : needs_)
            if (const TensorView* view = source_.find(need.name); view && packed_index(view->type) >= 0)
                bytes += Matrix::bytes_needed(*view);
        PELLUCID_TRY(AlignedBuffer arena, AlignedBuffer::allocate(static_cast<std::size_t>(bytes)));
        next_ = arena.data();
        left_ = bytes;
        return arena;
    }

    Matrix matrix(const std::string& name) {
        const auto loaded = find(name);
        if (!loaded) return {};
        Matrix made = matrix(loaded->view, loaded->made);
        made.comes_from(name, 0, 1);
        return made;
    }
    Matrix matrix(const TensorView& view, const std::shared_ptr<const void>& owner) {
        PackOptions pack;
        pack.done = [&](std::span<const std::byte> bytes) {
            TensorView part = view;
            part.bytes = bytes;
            source_.release(part);
        };
        const std::uint64_t needed = packed_index(view.type) >= 0 ? PackedMatrix::bytes_needed(view) : 0;
        if (needed <= left_)
            pack.memory = next_;  // a tensor that the spec names twice gets memory of its own
        auto made = Matrix::make(view, pool_, pack, owner);
        if (!made) {
            refuse(made.error());
            return {};
        }
        // Pages that two workers' shares met in are given back only now: a tenth of the file otherwise.
        if (needed > 0) source_.release(view);
        if (needed <= left_) {
            next_ += needed;
            left_ -= needed;
        }
        bytes_ += made->bytes();
        return *std::move(made);
    }

    std::vector<float> vector(const std::string& name) {
        const auto loaded = find(name);
        return loaded ? vector(loaded->view) : std::vector<float>{};
    }
    std::vector<float> vector(const TensorView& view) {
        std::vector<float> values(static_cast<std::size_t>(view.rows() * view.columns()));
        if (auto done = decode(view.type, view.bytes, values); !done) refuse(done.error());
        bytes_ += values.size() * sizeof(float) + view.bytes.size();
        return values;
    }

    /// The matrices of a tensor [count, out, in] and their biases [count, out].
    std::vector<LinearWeights> stack(const std::string& weight, const std::string& bias = {}) {
        std::vector<LinearWeights> parts;
        const auto loaded = find(weight);
        if (!loaded) return parts;
        const std::vector<float> biases = vector(bias);
        const std::vector<TensorView> all = slices(loaded->view);
        for (const TensorView& slice : all) {
            if (error_) return {};
            LinearWeights part{matrix(slice, loaded->made), {}, {}};
            part.matrix.comes_from(weight, static_cast<int>(parts.size()), static_cast<int>(all.size()));
            if (!biases.empty()) {
                const auto out = static_cast<std::ptrdiff_t>(part.matrix.rows());
                const auto first = biases.begin() + static_cast<std::ptrdiff_t>(parts.size()) * out;
                part.bias.assign(first, first + out);
            }
            parts.push_back(std::move(part));
        }
        return parts;
    }
    /// [width, length] as [length, width].
    std::vector<float> transposed(const std::string& name) {
        const auto loaded = find(name);
        if (!loaded) return {};
        const std::vector<float> values = vector(loaded->view);
        std::vector<float> result(values.size());
        if (values.empty()) return result;
        const auto width = static_cast<std::size_t>(loaded->view.rows()), length = values.size() / width;
        for (std::size_t i = 0; i < values.size(); ++i) result[i % length * width + i / length] = values[i];
        return result;
    }

    LinearWeights linear(const Linear& part) { return {matrix(part.weight), vector(part.bias), part.weight}; }
    NormWeights norm(const Norm& part) { return {vector(part.weight), vector(part.bias)}; }

    const std::optional<Error>& error() const { return error_; }
    std::uint64_t bytes() const { return bytes_; }

private:
    /// Nothing for an absent part, and once anything has failed.
    std::optional<LoadedTensor> find(const std::string& name) {
        if (name.empty() || error_) return std::nullopt;
        if (options_.cancel.cancelled()) {
            refuse({ErrorCode::cancelled, "loading was stopped", {}});
            return std::nullopt;
        }
        const TensorView* view = source_.find(name);
        if (!view) {
            refuse({ErrorCode::not_found, "tensor '" + name + "' is missing",
                    "the model file is incomplete; download it again"});
            return std::nullopt;
        }
        const auto need = std::ranges::find(needs_, name, &TensorNeed::name);
        if (need != needs_.end() && need->shape != view->shape) {
            refuse({ErrorCode::corrupt,
                    "tensor '" + name + "' has another shape than the model's settings ask for",
                    "try another conversion of the model"});
            return std::nullopt;
        }
        if (options_.progress)
            options_.progress(static_cast<double>(loaded_++) / static_cast<double>(needs_.size()));
        auto loaded = source_.load(*view);
        if (!loaded) {
            refuse(loaded.error());
            return std::nullopt;
        }
        return *std::move(loaded);
    }
    void refuse(Error error) {
        if (!error_) error_ = std::move(error);
    }

    const WeightSource& source_;
    ThreadPool& pool_;
    const PrepareOptions& options_;
    std::vector<TensorNeed> needs_;
    std::byte* next_ = nullptr;  // free memory of the arena
    std::uint64_t left_ = 0;
    std::size_t loaded_ = 0;
    std::uint64_t bytes_ = 0;
    std::optional<Error> error_;
};

FeedForwardWeights load_feed_forward(Loader& load, const FeedForward& spec) {
    return {load.linear(spec.gate), load.linear(spec.up), load.linear(spec.gate_up), load.linear(spec.down)};
}

LatentWeights load_latent(Loader& load, const LatentAttention& spec) {
    LatentWeights weights;
    weights.q = load.linear(spec.q);
    weights.q_down = load.linear(spec.q_down);
    weights.q_up = load.linear(spec.q_up);
    weights.kv_down = load.linear(spec.kv_down);
    weights.q_norm = load.norm(spec.q_norm);
    weights.latent_norm = load.norm(spec.latent_norm);
    weights.key_up = load.stack(spec.key_up);
    weights.value_up = load.stack(spec.value_up);
    return weights;
}

ExpertWeights load_experts(Loader& load, const Experts& spec) {
    ExpertWeights weights;
    weights.scores = load.linear(spec.router.scores);
    weights.selection_bias = load.vector(spec.router.selection_bias);
    weights.gate = load.stack(spec.gate.weight, spec.gate.bias);
    weights.up = load.stack(spec.up.weight, spec.up.bias);
    weights.down = load.stack(spec.down.weight, spec.down.bias);
    weights.shared = load_feed_forward(load, spec.shared);
    weights.shared_gate = load.linear(spec.shared_gate);
    return weights;
}

LayerWeights load_layer(Loader& load, const Layer& spec) {
    LayerWeights layer;
    layer.attention_norm = load.norm(spec.attention_norm);
    layer.q_norm = load.norm(spec.attention.q_norm);
    layer.k_norm = load.norm(spec.attention.k_norm);
    layer.attention_post_norm = load.norm(spec.attention_post_norm);
    layer.feed_forward_norm = load.norm(spec.feed_forward_norm);
    layer.feed_forward_post_norm = load.norm(spec.feed_forward_post_norm);
    layer.q = load.linear(spec.attention.q);
    layer.k = load.linear(spec.attention.k);
    layer.v = load.linear(spec.attention.v);
    layer.qkv = load.linear(spec.attention.qkv);
    layer.sinks = load.vector(spec.attention.sinks);
    layer.output = load.linear(spec.latent.present() ? spec.latent.output : spec.attention.output);
    layer.latent = load_latent(load, spec.latent);
    layer.convolution.in = load.linear(spec.convolution.in);
    layer.convolution.out = load.linear(spec.convolution.out);
    layer.convolution.kernel = load.transposed(spec.convolution.kernel);
    layer.feed_forward = load_feed_forward(load, spec.feed_forward);
    layer.experts = load_experts(load, spec.experts);
    return layer;
}

}  // namespace

std::uint64_t Matrix::bytes_needed(const TensorView& view) {
    if (packed_index(view.type) < 0) return is_dense(view.type) ? stored_bytes(view) : 0;
    std::uint64_t bytes = 0;
    for (const TensorView& slice : cpu::slices(view)) bytes += PackedMatrix::bytes_needed(slice);
    return bytes;
}

Result<Matrix> Matrix::make(const TensorView& view, ThreadPool& pool, const PackOptions& options,
                            std::shared_ptr<const void> owner) {
    Matrix matrix;
    matrix.rows_ = view.rows();
    matrix.columns_ = view.columns();
    matrix.fine_ = view.fine && packed_index(view.type) >= 0;
    if (packed_index(view.type) >= 0) {
        PELLUCID_TRY(matrix.packed_, PackedMatrix::pack(view, pool, options));
        return matrix;
    }
    if (!is_dense(view.type))
        return fail(ErrorCode::unsupported,
                    "tensor '" + std::string(view.name) + "' is in " + std::string(to_string(view.type)) +
                        ", which the CPU device cannot run",
                    "choose another quantisation of the model, such as Q4_K_M");
    if (view.bytes.size() != stored_bytes(view))
        return fail(ErrorCode::corrupt,
                    "tensor '" + std::string(view.name) + "' has bytes that do not fit its shape",
                    "download the model again");
    matrix.dense_ = view;
    matrix.owner_ = std::move(owner);
    return matrix;
}

void Matrix::comes_from(std::string_view tensor, int slice, int slices) {
    tensor_ = tensor;
    slice_ = slice;
    slices_ = slices;
}

void Matrix::decode_row(std::int64_t row, float* out) const {
    if (packed_) return packed_->decode_row(row, out);
    const std::size_t row_bytes = dense_.row_bytes();
    decode_unchecked(dense_.type, dense_.bytes.data() + static_cast<std::size_t>(row) * row_bytes, out,
                     static_cast<std::size_t>(columns_));
}

void Matrix::apply_tile(const Kernels& kernels, std::int64_t tile, const float* x, const Q8Block* q,
                        int planes, int tokens, const float* bias, float* out,
                        std::int64_t out_stride) const {
    if (fine_ && planes == 2) return apply_fine(kernels, tile, q, tokens, bias, out, out_stride);
    const std::int64_t first = tile * kTileRows;
    const int rows = static_cast<int>(std::min<std::int64_t>(kTileRows, rows_ - first));
    const float* tile_bias = bias ? bias + first : nullptr;
    if (packed_) {
        kernels.packed_tile[packed_index(packed_->type())](packed_->tile(tile), columns_, q,
                                                           planes * (columns_ / kBlockColumns), tokens,
                                                           tile_bias, out + first, out_stride, rows);
        return;
    }
    const DenseTileFn fn = dense_.type == TensorType::f32   ? kernels.dense_f32
                           : dense_.type == TensorType::f16 ? kernels.dense_f16
                                                            : kernels.dense_bf16;
    fn(dense_.bytes.data() + static_cast<std::size_t>(first) * dense_.row_bytes(), columns_, x, columns_,
       tokens, tile_bias, out + first, out_stride, rows);
}

/// The planes of a token as two tokens, whose products add up; the codes are unpacked once for both.
void Matrix::apply_fine(const Kernels& kernels, std::int64_t tile, const Q8Block* q, int tokens,
                        const float* bias, float* out, std::int64_t out_stride) const {
    constexpr int kPiece = 32;
    const std::int64_t first = tile * kTileRows, blocks = columns_ / kBlockColumns;
    const int rows = static_cast<int>(std::min<std::int64_t>(kTileRows, rows_ - first));
    float parts[kPiece][2][kTileRows];
    for (int begin = 0; begin < tokens; begin += kPiece) {
        const int count = std::min(kPiece, tokens - begin);
        kernels.packed_tile[packed_index(packed_->type())](packed_->tile(tile), columns_,
                                                           q + begin * 2 * blocks, blocks, 2 * count, nullptr,
                                                           parts[0][0], kTileRows, rows);
        for (int t = 0; t < count; ++t)
            for (int r = 0; r < rows; ++r)
                out[(begin + t) * out_stride + first + r] =
                    parts[t][0][r] + parts[t][1][r] + (bias ? bias[first + r] : 0.0f);
    }
}

int activation_planes(const ModelSpec& spec, const WeightSource& weights) {
    for (const TensorNeed& need : tensor_needs(spec))
        if (const TensorView* view = weights.find(need.name))
            if (view->fine && packed_index(view->type) >= 0) return 2;
    return 1;
}

Result<CpuModel> load_cpu_model(std::shared_ptr<const ModelSpec> spec,
                                std::shared_ptr<const WeightSource> source, ThreadPool& pool,
                                const PrepareOptions& options) {
    CpuModel model;
    model.planes = activation_planes(*spec, *source);
    Loader load(*spec, *source, pool, options);
    PELLUCID_TRY(model.packed, load.reserve());
    model.embedding = load.matrix(spec->embedding);
    model.next_embedding_norm = load.norm(spec->next_input.embedding_norm);
    model.next_hidden_norm = load.norm(spec->next_input.hidden_norm);
    model.next_project = load.linear(spec->next_input.project);
    for (const Rope& rope : spec->ropes) {
        model.rope_factors.push_back(load.vector(rope.frequency_factors));
        model.rope_long_factors.push_back(load.vector(rope.long_factors));
    }
    for (const Layer& layer : spec->layers) {
        model.layers.push_back(load_layer(load, layer));
        if (load.error()) break;
    }
    model.head_norm = load.norm(spec->head.norm);
    if (!spec->head.tied) model.head.matrix = load.matrix(spec->head.output.weight);
    model.head_bias = load.vector(spec->head.output.bias);
    if (load.error()) return fail(*load.error());
    model.spec = std::move(spec);
    model.source = std::move(source);
    model.bytes = load.bytes();
    if (options.progress) options.progress(1);
    return model;
}

}  // namespace pellucid::cpu
