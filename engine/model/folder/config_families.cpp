// What each family's config.json says beyond what all say. Meanings are those of transformers' configuration
// files; the keys on the left of set() are GGUF's.
#include "engine/model/folder/config_families.h"

#include <cmath>

namespace pellucid {
namespace {

constexpr const char* kOther = "use a newer version or another model";

void require_silu(ConfigReader& in) {
    const std::string name = in.text_or("hidden_act", "silu");
    if (name != "silu" && name != "swish")
        in.refuse(ErrorCode::unsupported, "hidden_act is '" + name.substr(0, 40) + "'", kOther);
}

void require_gelu(ConfigReader& in) {
    const std::string name = in.text_or("hidden_activation", in.text_or("hidden_act", "gelu_pytorch_tanh"));
    // Gemma's first files say "gelu" and mean its tanh form.
    if (name != "gelu_pytorch_tanh" && name != "gelu")
        in.refuse(ErrorCode::unsupported, "hidden_activation is '" + name.substr(0, 40) + "'", kOther);
}

/// Sliding windows in every layer that `slides` names, by layer_types where that is there.
template <typename Slides>
void check_layer_types(ConfigReader& in, std::string_view sliding, Slides slides) {
    const auto* types = in.find("layer_types");
    if (!types) return;
    bool as_known = types->is_array();
    for (std::size_t i = 0; as_known && i < types->size(); ++i)
        as_known = (*types)[i].is_string() && ((*types)[i] == sliding) == slides(i);
    if (!as_known)
        in.refuse(ErrorCode::unsupported, "layer_types is not in the order that this family has", kOther);
}

void no_sliding_window(ConfigReader& in) {
    if (in.flag_or("use_sliding_window", false))
        in.refuse(ErrorCode::unsupported, "use_sliding_window is true", kOther);
}

void set_experts(ConfigReader& in, const char* count, bool renormalise) {
    in.set("expert_count", in.integer(count));
    in.set("expert_used_count", in.integer("num_experts_per_tok"));
    if (in.has("moe_intermediate_size"))
        in.set("expert_feed_forward_length", in.integer("moe_intermediate_size"));
    in.set("expert_weights_norm", renormalise);
}

void set_attention_scale(ConfigReader& in) {
    const double scalar = in.number_or("query_pre_attn_scalar", 0);
    if (scalar > 0) in.set("attention.scale", 1 / std::sqrt(scalar));
}

}  // namespace

void llama_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    rules.pair_rows = true;
    if (in.text_or("model_type", "") != "llama" && in.has("sliding_window"))
        in.set("attention.sliding_window", in.integer("sliding_window"));
    if (in.has("num_local_experts")) {
        in.set("expert_count", in.integer("num_local_experts"));
        in.set("expert_used_count", in.integer("num_experts_per_tok"));
    }
    read_rope(in, rules);
}

void qwen_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    no_sliding_window(in);
    // transformers 5 calls the experts of some families num_local_experts.
    const char* const experts = in.has("num_local_experts") ? "num_local_experts" : "num_experts";
    if (in.has(experts)) {
        set_experts(in, experts, in.flag_or("norm_topk_prob", false));
        if (in.has("shared_expert_intermediate_size"))
            in.set("expert_shared_feed_forward_length", in.integer("shared_expert_intermediate_size"));
    }
    read_rope(in, rules);
}

void phi3_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    if (in.has("sliding_window")) in.set("attention.sliding_window", in.integer("sliding_window"));
    in.set("rope.scaling.original_context_length",
           in.integer_or("original_max_position_embeddings", in.integer("max_position_embeddings")));
    read_rope(in, rules);
}

void gemma2_config(ConfigReader& in, TensorRules& rules) {
    require_gelu(in);
    rules.unit_norms = rules.norm_after_attention = true;
    check_layer_types(in, "sliding_attention", [](std::size_t i) { return i % 2 == 0; });
    in.set("attention.sliding_window", in.integer_or("sliding_window", 4096));
    in.set("attn_logit_softcapping", in.number_or("attn_logit_softcapping", 0));
    in.set("final_logit_softcapping", in.number_or("final_logit_softcapping", 0));
    set_attention_scale(in);
    read_rope(in, rules);
}

void gemma3_config(ConfigReader& in, TensorRules& rules) {
    require_gelu(in);
    rules.unit_norms = rules.norm_after_attention = true;
    const std::int64_t period =
        in.integer_or("sliding_window_pattern", in.integer_or("_sliding_window_pattern", 6));
    if (period < 1) {
        in.refuse(ErrorCode::corrupt, "sliding_window_pattern is " + std::to_string(period),
                  "download the folder again");
        return;
    }
    check_layer_types(in, "sliding_attention",
                      [period](std::size_t i) { return (static_cast<std::int64_t>(i) + 1) % period != 0; });
    in.set("attention.sliding_window", in.integer_or("sliding_window", 4096));
    in.set("attention.sliding_window_pattern", period);
    in.set("final_logit_softcapping", in.number_or("final_logit_softcapping", 0));
    if (in.number_or("attn_logit_softcapping", 0) != 0)
        in.refuse(ErrorCode::unsupported, "attn_logit_softcapping is set", kOther);
    if (in.flag_or("use_bidirectional_attention", false))
        in.refuse(ErrorCode::unsupported, "use_bidirectional_attention is true", kOther);
    set_attention_scale(in);
    double local = in.number_or("rope_local_base_freq", 10000);
    if (in.has("rope_parameters")) {
        ConfigReader sections = in.inside("rope_parameters");
        ConfigReader sliding = sections.inside("sliding_attention");
        local = sliding.number_or("rope_theta", local);
        in.take_error(sections);
        in.take_error(sliding);
        read_rope(in, rules, "full_attention");
    } else {
        read_rope(in, rules);
        in.set("rope.freq_base", in.number_or("rope_theta", 1000000));
    }
    in.set("rope.freq_base_swa", local);
}

void granite_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    rules.pair_rows = true;
    in.set("embedding_scale", in.number_or("embedding_multiplier", 1));
    in.set("residual_scale", in.number_or("residual_multiplier", 1));
    in.set("attention.scale", in.number_or("attention_multiplier", 1));
    in.set("logit_scale", in.number_or("logits_scaling", 1));
    read_rope(in, rules);
}

void glm4_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    read_rope(in, rules);
    if (!in.has("rope_parameters") && !in.has("partial_rotary_factor")) {  // its class's default
        const std::int64_t heads = in.integer("num_attention_heads");
        const std::int64_t width =
            in.integer_or("head_dim", heads > 0 ? in.integer("hidden_size") / heads : 0);
        in.set("rope.dimension_count", width / 2);
    }
}

void smollm3_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    no_sliding_window(in);
    rules.pair_rows = true;
    const std::vector<double> with_rope = in.numbers_or_none("no_rope_layers");
    bool every_fourth = in.integer_or("no_rope_layer_interval", 4) == 4 || !with_rope.empty();
    for (std::size_t i = 0; i < with_rope.size(); ++i)
        every_fourth = every_fourth && (with_rope[i] == 0) == ((i + 1) % 4 == 0);
    if (!every_fourth) in.refuse(ErrorCode::unsupported, "no_rope_layers is not every fourth layer", kOther);
    read_rope(in, rules);
}

void deepseek_config(ConfigReader& in, TensorRules& rules) {
    require_silu(in);
    const bool third = in.text_or("model_type", "") == "deepseek_v3";
    // GGUF counts the layers that predict further tokens among the others.
    if (const std::int64_t next = in.integer_or("num_nextn_predict_layers", 0); next > 0 && next < 1024) {
        in.set("block_count", rules.layers < 1024 ? rules.layers + next : rules.layers);
        in.set("nextn_predict_layers", next);
    }
    const std::int64_t rank = in.integer("kv_lora_rank"), rope = in.integer("qk_rope_head_dim");
    rules.latent_content = in.integer("qk_nope_head_dim");
    rules.latent_value = in.integer("v_head_dim");
    in.set("attention.head_count_kv", std::int64_t{1});
    if (in.has("q_lora_rank")) in.set("attention.q_lora_rank", in.integer("q_lora_rank"));
    in.set("attention.kv_lora_rank", rank);
    in.set("attention.key_length", rank + rope);
    in.set("attention.value_length", rank);
    in.set("attention.key_length_mla", rules.latent_content + rope);
    in.set("attention.value_length_mla", rules.latent_value);
    if (in.has("n_routed_experts")) {
        set_experts(in, "n_routed_experts", in.flag_or("norm_topk_prob", third));
        in.set("expert_shared_count", in.integer_or("n_shared_experts", 0));
        in.set("expert_weights_scale", in.number_or("routed_scaling_factor", third ? 2.5 : 1));
        in.set("leading_dense_block_count", in.integer_or("first_k_dense_replace", 0));
        in.set("expert_gating_func", std::int64_t{third ? 2 : 1});
        if (third || in.text_or("topk_method", "greedy") == "group_limited_greedy") {
            in.set("expert_group_count", in.integer_or("n_group", 1));
            in.set("expert_group_used_count", in.integer_or("topk_group", 1));
        }
        if (in.integer_or("moe_layer_freq", 1) != 1)
            in.refuse(ErrorCode::unsupported, "moe_layer_freq is not 1", kOther);
        const std::string scores = in.text_or("scoring_func", third ? "sigmoid" : "softmax");
        if (scores != (third ? "sigmoid" : "softmax"))
            in.refuse(ErrorCode::unsupported, "scoring_func is '" + scores.substr(0, 40) + "'", kOther);
    }
    if (!in.flag_or("rope_interleave", true))
        in.refuse(ErrorCode::unsupported, "rope_interleave is false", kOther);
    read_rope(in, rules);
    const auto factor = in.metadata.number_or("deepseek2.rope.scaling.yarn_attn_factor", 1);
    const auto type = in.metadata.string_or("deepseek2.rope.scaling.type", "none");
    if (type.ok() && *type == "yarn" &&
        (!in.metadata.contains("deepseek2.rope.scaling.yarn_attn_factor") || !factor.ok() ||
         std::abs(*factor - 1) > 1e-6))
        in.refuse(ErrorCode::unsupported, "mscale and mscale_all_dim of rope_scaling differ", kOther);
}

void gpt_oss_config(ConfigReader& in, TensorRules& rules) {
    rules.norm_after_attention = true;
    in.set("expert_count", in.integer("num_local_experts"));
    in.set("expert_used_count", in.integer_or("num_experts_per_tok", in.integer_or("experts_per_token", 4)));
    in.set("expert_feed_forward_length", in.integer("intermediate_size"));
    in.set("attention.sliding_window", in.integer_or("sliding_window", 128));
    check_layer_types(in, "sliding_attention", [](std::size_t i) { return i % 2 == 0; });
    if (in.number_or("swiglu_limit", 7) != 7 || std::abs(in.number_or("swiglu_alpha", 1.702) - 1.702) > 1e-6)
        in.refuse(ErrorCode::unsupported, "swiglu_limit or swiglu_alpha are not 7 and 1.702", kOther);
    read_rope(in, rules);
}

void lfm2_config(ConfigReader& in, TensorRules& rules) {
    rules.head_norm_first = true;
    if (in.flag_or("conv_bias", false)) in.refuse(ErrorCode::unsupported, "conv_bias is true", kOther);
    in.set("shortconv.l_cache", in.integer_or("conv_L_cache", 3));
    in.set("attention.layer_norm_rms_epsilon", in.number_or("norm_eps", 1e-5));
    const std::int64_t layers = in.integer("num_hidden_layers"), kv_heads = in.integer("num_key_value_heads");
    if (layers < 1 || layers > 1024) return;  // refused with its name where the metadata is read
    std::vector<std::int64_t> heads(static_cast<std::size_t>(layers), 0);
    const auto wrong = [&] {
        in.refuse(ErrorCode::corrupt, "layer_types does not say what each of the layers is",
                  "download the folder again");
    };
    if (const auto* types = in.find("layer_types")) {
        if (!types->is_array() || types->size() != heads.size()) return wrong();
        for (std::size_t i = 0; i < heads.size(); ++i) {
            if ((*types)[i] != "full_attention" && (*types)[i] != "conv") return wrong();
            if ((*types)[i] == "full_attention") heads[i] = kv_heads;
        }
    } else if (in.has("full_attn_idxs")) {
        for (const double index : in.numbers_or_none("full_attn_idxs")) {
            if (!(index >= 0 && index < static_cast<double>(layers))) return wrong();
            heads[static_cast<std::size_t>(index)] = kv_heads;
        }
    } else {
        std::fill(heads.begin(), heads.end(), kv_heads);
    }
    in.set("attention.head_count_kv", std::move(heads));
    // The width as its class computes it from the one that the file states.
    std::int64_t width = in.integer_or("intermediate_size", in.integer_or("block_ff_dim", 0));
    if (in.flag_or("block_auto_adjust_ff_dim", true)) {
        const std::int64_t multiple = in.integer_or("block_multiple_of", 256);
        if (multiple < 1 || multiple > 1 << 20 || width < 0 || width > 1 << 24) return wrong();
        width = static_cast<std::int64_t>(static_cast<double>(2 * width / 3) *
                                          in.number_or("block_ffn_dim_multiplier", 1));
        width = (width + multiple - 1) / multiple * multiple;
    }
    in.set("feed_forward_length", width);
    read_rope(in, rules);
}

}  // namespace pellucid
