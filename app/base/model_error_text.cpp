#include "app/base/model_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "%1.attention.key_length is %2 but value_length is %3"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1.embedding_length %2 is not a multiple of attention.head_count %3, and "
                      "attention.key_length is absent"),
    QT_TRANSLATE_NOOP("pellucid::errors", "token_embd.weight is not a matrix"),
    QT_TRANSLATE_NOOP("pellucid::errors", "token_embd.weight has %1 rows, %2.vocab_size is %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1.rope.scaling.yarn_ext_factor is not 1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1.rope.scaling.type is %2"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1.attention.head_count %2 is not a multiple of head_count_kv %3 (layer %4)"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1.rope.dimension_count is %2, expected an even number up to the head width %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "not a safetensors file: it has fewer than 8 bytes"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the header length of %1 bytes does not fit the file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the header is not a JSON object of distinct tensor names"),
    QT_TRANSLATE_NOOP("pellucid::errors", "__metadata__ is not an object"),
    QT_TRANSLATE_NOOP("pellucid::errors", "__metadata__ holds something else than strings"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 lacks a proper dtype, shape or data_offsets"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 lies outside the file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 has %2 bytes, which is not what its shape needs"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 overlaps another"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 follows a hole"),
    QT_TRANSLATE_NOOP("pellucid::errors", "bytes follow the last tensor"),
    QT_TRANSLATE_NOOP("pellucid::errors", "hidden_activation is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use_sliding_window is true"),
    QT_TRANSLATE_NOOP("pellucid::errors", "sliding_window_pattern is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "attn_logit_softcapping is set"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use_bidirectional_attention is true"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no_rope_layers is not every fourth layer"),
    QT_TRANSLATE_NOOP("pellucid::errors", "moe_layer_freq is not 1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "scoring_func is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "rope_interleave is false"),
    QT_TRANSLATE_NOOP("pellucid::errors", "mscale and mscale_all_dim of rope_scaling differ"),
    QT_TRANSLATE_NOOP("pellucid::errors", "swiglu_limit or swiglu_alpha are not 7 and 1.702"),
    QT_TRANSLATE_NOOP("pellucid::errors", "conv_bias is true"),
    QT_TRANSLATE_NOOP("pellucid::errors", "layer_types does not say what each of the layers is"),
    QT_TRANSLATE_NOOP("pellucid::errors", "quantization_config.weight_block_size is not two sizes"),
    QT_TRANSLATE_NOOP("pellucid::errors", "quantization_config.bits is %1 (2, 4 and 8 are known)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "quantization_config is AWQ of %1 bits in packing %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "rope_scaling of type llama3 has factors that cannot be"),
    QT_TRANSLATE_NOOP("pellucid::errors", "rope_scaling has no short_factor and long_factor"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a list of numbers"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not an object"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is %2, not a number from %3 to %4"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not JSON"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: its scales have the number format %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: g_idx has shape %2 for %3 inputs"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: its weight has the number format %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: its weight is no matrix"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1: its scales have shape %2 for a weight of %3 in blocks of %4 x %5"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: blocks %2 and scales %3 are not MXFP4"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "%1: qweight %2, qzeros %3 and scales %4 do not belong together in groups of %5"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1 has another shape than experts have"),
    QT_TRANSLATE_NOOP("pellucid::errors", "tensor %1.weight has shape %2 for %3 heads of %4 and %5"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the experts of %1 have different number formats"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 is not a matrix"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: tensor %2 holds a value that is not finite"),
    QT_TRANSLATE_NOOP("pellucid::errors", "peft_type is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "bias is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "modules_to_save replaces whole layers"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: adapter.type is %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: %2 has rank %3, adapter_config.json says %4"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "bert.attention.head_count is %1, which does not divide the width of %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "bert.pooling_type is neither mean nor cls"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: general.architecture is %2, which is no encoder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "model_type is %1, which is no encoder known here"),
    QT_TRANSLATE_NOOP("pellucid::errors", "layer_norm_eps is not a number from 0 to 1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "position_embedding_type is %1"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "hidden_size, num_attention_heads and max_position_embeddings do not fit each other"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is not a list"),
    QT_TRANSLATE_NOOP("pellucid::errors", "a module is not an object"),
    QT_TRANSLATE_NOOP("pellucid::errors", "a module lies outside the folder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: pooling is neither mean nor cls"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: the module %2 is not known"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: this draft model's vocabulary is not that of %2: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "speculation needs %1 beside the model, together %2; %3 is free"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 has no multi-token-prediction layer"),
    QT_TRANSLATE_NOOP("pellucid::errors", "KV format %1 is not in this version"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\" does not say which layers run where"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the placement names layer %1 twice"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the placement names layer %1, this model has %2"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the placement names experts, but these layers have no routed experts"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the device %1 runs whole models only in this version"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is true"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "choose another embedding model"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "embeddings need a model of the BERT family, such as all-MiniLM or multilingual-e5"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "choose the model in BF16, F16, FP8 (E4M3), GPTQ or AWQ, or as a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use a file in F32, F16 or BF16"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "choose a smaller model of the same family, or guess from the text alone (--speculate lookup)"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "leave speculation off, use --speculate lookup, or choose a shorter context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "write for example cuda:0-15,cpu:16-31, or experts=cpu, or auto"),
    QT_TRANSLATE_NOOP("pellucid::errors", "name every layer once; what is not named runs on --device"),
    QT_TRANSLATE_NOOP("pellucid::errors", "count layers from 0 to %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "place layers instead, for example cpu:0-15"),
    QT_TRANSLATE_NOOP("pellucid::errors", "leave --placement out, or place all layers on cpu"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it would run with --device %1 --placement %2"),
};

}  // namespace

std::span<const char* const> model_sentences() {
    return kSentences;
}

std::span<const char* const> model_hints() {
    return kHints;
}

}  // namespace pellucid::app
