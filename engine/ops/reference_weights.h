// A model's weights as the reference runs them: every part of the spec with its numbers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/ops/weight_matrix.h"

namespace pellucid {

struct ReferenceLinear {
    WeightMatrix weight;      ///< [out, in]
    std::vector<float> bias;  ///< [out] or empty
    std::string name;         ///< of the weight: adapters find it by that
};

struct ReferenceNorm {
    std::vector<float> weight, bias;  ///< [width]; empty where absent
};

struct ReferenceFeedForward {
    ReferenceLinear gate, up, gate_up, down;
};

struct ReferenceLatent {
    ReferenceLinear q, q_down, q_up, kv_down;
    ReferenceNorm q_norm, latent_norm;
    WeightMatrix key_up;    ///< [heads * rank, content_dim]
    WeightMatrix value_up;  ///< [heads * value_dim, rank]
};

struct ReferenceConvolution {
    ReferenceLinear in, out;
    WeightMatrix kernel;  ///< [width, length]
};

struct ReferenceExperts {
    ReferenceLinear scores;
    std::vector<float> selection_bias;  ///< [experts] or empty
    ReferenceLinear gate, up, down;     ///< all experts' rows, one expert after the other
    ReferenceFeedForward shared;
    ReferenceLinear shared_gate;
};

/// Parts that the layer's spec lacks are empty.
struct ReferenceLayer {
    ReferenceNorm attention_norm, q_norm, k_norm, attention_post_norm, feed_forward_norm,
        feed_forward_post_norm;
    ReferenceLinear q, k, v, qkv, output;  ///< output: of attention or latent attention
    std::vector<float> sinks;              ///< [heads] or empty
    ReferenceLatent latent;
    ReferenceConvolution convolution;
    ReferenceFeedForward feed_forward;
    ReferenceExperts experts;
};

struct ReferenceModel {
    std::shared_ptr<const ModelSpec> spec;
    std::shared_ptr<const WeightSource> source;  ///< keeps the bytes alive
    WeightMatrix embedding, head;
    std::vector<float> head_bias;
    ReferenceNorm head_norm;
    ReferenceNorm next_embedding_norm, next_hidden_norm;  ///< of spec->next_input
    ReferenceLinear next_project;
    std::vector<ReferenceLayer> layers;
    std::vector<std::vector<float>> rope_factors, rope_long_factors;  ///< by rope; empty where absent

    std::uint64_t bytes = 0;  ///< held beside the file
};

/// keep: hold all weights as float32. Errors: not_found or unsupported naming the tensor; cancelled.
Result<ReferenceModel> load_reference_model(std::shared_ptr<const ModelSpec> spec,
                                            std::shared_ptr<const WeightSource> source, bool keep,
                                            const PrepareOptions& options);

}  // namespace pellucid
