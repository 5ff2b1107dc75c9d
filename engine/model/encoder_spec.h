// EncoderSpec: what an encoder of the BERT family is, as data (BERT: arXiv 1810.04805; XLM-R: arXiv
// 1911.02116). Apart from ModelSpec, because nothing but the linear layer is alike: every token sees every
// other, positions are learned, norms come after the sum, and there is no cache, no step and no head.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

/// How the vectors of a text's tokens become one.
enum class Pooling {
    mean,  ///< of all tokens, the special ones too
    cls,   ///< the first token's
};

/// x = norm(x + output(attention(x))); x = norm(x + down(act(up(x)))).
struct EncoderLayer {
    Linear q, k, v;  ///< [n_embd, n_embd] each, or one qkv [3 * n_embd, n_embd], its rows in that order
    Linear qkv;
    Linear output;  ///< [n_embd, n_embd]
    Norm attention_norm;
    Linear up, down;  ///< [feed_forward, n_embd], [n_embd, feed_forward]
    Norm output_norm;

    bool fused() const { return qkv.present(); }
};

/// x_t = norm(embedding[id_t] + position[t + first_position] + type[0]), then the layers.
struct EncoderSpec {
    std::string architecture;  ///< as the file says; for display and logs only
    std::string name;
    int vocabulary = 0, n_embd = 0, feed_forward = 0;
    int heads = 0;           ///< n_embd is a multiple
    int first_position = 0;  ///< RoBERTa counts from the padding token's id + 1
    int positions = 0;       ///< tokens of a text at most: rows of the position table from first_position on
    std::string embedding;   ///< [vocabulary, n_embd]
    std::string position_embedding;  ///< [first_position + positions, n_embd]
    std::string type_embedding;      ///< [types, n_embd], of which row 0 is used; may be empty
    int types = 0;
    Norm embedding_norm;
    Activation activation = Activation::gelu;
    std::vector<EncoderLayer> layers;

    int max_tokens = 0;  ///< at most `positions`: what the model is meant for
    Pooling pooling = Pooling::mean;
    bool normalise = true;  ///< the vector is divided by its length

    int head_dim() const { return n_embd / heads; }
};

/// Every tensor of the encoder, with its shape.
std::vector<TensorNeed> tensor_needs(const EncoderSpec& spec);
std::int64_t parameter_count(const EncoderSpec& spec);

std::string_view to_string(Pooling pooling);

}  // namespace pellucid
