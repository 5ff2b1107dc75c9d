// A model's weights as the CPU backend runs them: quantised matrices packed into tiles, the rest where the
// file maps it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/packed_matrix.h"

namespace pellucid::cpu {

/// A weight matrix [rows, columns], packed or dense (f32, f16, bf16, in the file's mapping).
class Matrix {
public:
    Matrix() = default;
    /// corrupt: bytes that do not fit the shape; unsupported: a type without kernels; out_of_memory.
    /// A dense matrix keeps `owner`, who has the view's bytes where the source does not.
    static Result<Matrix> make(const TensorView& view, ThreadPool& pool, const PackOptions& options = {},
                               std::shared_ptr<const void> owner = nullptr);
    /// Bytes that make() takes or keeps mapped, of a tensor with three dimensions for all its matrices; 0 for
    /// types that it refuses.
    static std::uint64_t bytes_needed(const TensorView& view);

    bool packed() const { return packed_.has_value(); }
    std::int64_t rows() const { return rows_; }
    std::int64_t columns() const { return columns_; }
    /// The tensor it was made of, and which of its matrices it is.
    const std::string& tensor() const { return tensor_; }
    int slice() const { return slice_; }
    int slices() const { return slices_; }
    void comes_from(std::string_view tensor, int slice, int slices);
    std::int64_t tiles() const { return (rows_ + kTileRows - 1) / kTileRows; }
    std::uint64_t bytes() const { return packed_ ? packed_->bytes() : dense_.bytes.size(); }
    void decode_row(std::int64_t row, float* out) const;  ///< out f32 [columns]

    /// out[t][16 tile + r] = bias + W x for one tile of 16 rows. x and q: the same activations in f32 (read
    /// by dense matrices) and quantised (read by packed ones), `columns` and `planes * columns / 32` apart; a
    /// fine matrix reads both planes where there are two.
    void apply_tile(const Kernels& kernels, std::int64_t tile, const float* x, const Q8Block* q, int planes,
                    int tokens, const float* bias, float* out, std::int64_t out_stride) const;

private:
    void apply_fine(const Kernels& kernels, std::int64_t tile, const Q8Block* q, int tokens,
                    const float* bias, float* out, std::int64_t out_stride) const;

    std::int64_t rows_ = 0, columns_ = 0;
    bool fine_ = false;
    std::optional<PackedMatrix> packed_;
    TensorView dense_;
    std::shared_ptr<const void> owner_;  // of dense_'s bytes; null: the source
    std::string tensor_;
    int slice_ = 0, slices_ = 1;
};

struct LinearWeights {
    Matrix matrix;            ///< [out, in]
    std::vector<float> bias;  ///< [out] or empty
    std::string name;         ///< of the weight, where adapters may find it
    bool present() const { return matrix.rows() > 0; }
};

struct NormWeights {
    std::vector<float> weight, bias;  ///< [width]; empty where absent
};

struct FeedForwardWeights {
    LinearWeights gate, up, gate_up, down;
};

struct LatentWeights {
    LinearWeights q, q_down, q_up, kv_down;
    NormWeights q_norm, latent_norm;
    std::vector<LinearWeights> key_up, value_up;  ///< by head: [rank, content_dim], [value_dim, rank]
};

struct ConvolutionWeights {
    LinearWeights in, out;
    std::vector<float> kernel;  ///< [length, width]
};

struct ExpertWeights {
    LinearWeights scores;
    std::vector<float> selection_bias;          ///< [experts] or empty
    std::vector<LinearWeights> gate, up, down;  ///< by expert
    FeedForwardWeights shared;
    LinearWeights shared_gate;
};

/// Parts that the layer's spec lacks are empty.
struct LayerWeights {
    NormWeights attention_norm, q_norm, k_norm, attention_post_norm, feed_forward_norm,
        feed_forward_post_norm;
    LinearWeights q, k, v, qkv, output;  ///< output: of attention or latent attention
    std::vector<float> sinks;            ///< [heads] or empty
    LatentWeights latent;
    ConvolutionWeights convolution;
    FeedForwardWeights feed_forward;
    ExpertWeights experts;
};

struct CpuModel {
    std::shared_ptr<const ModelSpec> spec;
    std::shared_ptr<const WeightSource> source;  ///< keeps mapped bytes alive
    AlignedBuffer packed;                        ///< all packed matrices
    Matrix embedding;
    LinearWeights head;  ///< not present where tied
    std::vector<float> head_bias;
    NormWeights head_norm;
    NormWeights next_embedding_norm, next_hidden_norm;  ///< of spec->next_input
    LinearWeights next_project;
    std::vector<LayerWeights> layers;
    std::vector<std::vector<float>> rope_factors, rope_long_factors;  ///< by rope; empty where absent
    std::uint64_t bytes = 0;                                          ///< packed and mapped
    int planes = 1;                                                   ///< of quantised activations

    const Matrix& head_matrix() const { return spec->head.tied ? embedding : head.matrix; }
};

/// 2 where a packed matrix is fine, else 1.
int activation_planes(const ModelSpec& spec, const WeightSource& weights);

/// Errors name the tensor: not_found, corrupt (another shape than the spec's), unsupported; out_of_memory;
/// cancelled.
Result<CpuModel> load_cpu_model(std::shared_ptr<const ModelSpec> spec,
                                std::shared_ptr<const WeightSource> source, ThreadPool& pool,
                                const PrepareOptions& options);

}  // namespace pellucid::cpu
