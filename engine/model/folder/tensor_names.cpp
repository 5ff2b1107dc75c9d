#include "engine/model/folder/tensor_names.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace pellucid {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair outside[] = {
    {"model.embed_tokens", "token_embd"},
    {"model.norm", "output_norm"},
    {"model.embedding_norm", "token_embd_norm"},
    {"lm_head", "output"},
};

constexpr Pair in_layer[] = {
    {"input_layernorm", "attn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.qkv_proj", "attn_qkv"},
    {"self_attn.o_proj", "attn_output"},
    {"self_attn.q_norm", "attn_q_norm"},
    {"self_attn.k_norm", "attn_k_norm"},
    {"self_attn.q_a_proj", "attn_q_a"},
    {"self_attn.q_a_layernorm", "attn_q_a_norm"},
    {"self_attn.q_b_proj", "attn_q_b"},
    {"self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"},
    {"self_attn.kv_a_layernorm", "attn_kv_a_norm"},
    {"self_attn.kv_b_proj", "attn_kv_b"},
    {"pre_feedforward_layernorm", "ffn_norm"},
    {"post_feedforward_layernorm", "post_ffw_norm"},
    {"post_self_attn_layernorm", "post_attention_norm"},
    {"post_mlp_layernorm", "post_ffw_norm"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.gate_up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"},
    {"mlp.gate", "ffn_gate_inp"},
    {"mlp.router", "ffn_gate_inp"},
    {"block_sparse_moe.gate", "ffn_gate_inp"},
    {"mlp.shared_expert_gate", "ffn_gate_inp_shexp"},
    {"mlp.shared_expert.gate_proj", "ffn_gate_shexp"},
    {"mlp.shared_expert.up_proj", "ffn_up_shexp"},
    {"mlp.shared_expert.down_proj", "ffn_down_shexp"},
    {"mlp.shared_experts.gate_proj", "ffn_gate_shexp"},
    {"mlp.shared_experts.up_proj", "ffn_up_shexp"},
    {"mlp.shared_experts.down_proj", "ffn_down_shexp"},
    // DeepSeek-V3's layers that predict further tokens
    {"eh_proj", "nextn.eh_proj"},
    {"enorm", "nextn.enorm"},
    {"hnorm", "nextn.hnorm"},
    {"embed_tokens", "nextn.embed_tokens"},
    {"shared_head.head", "nextn.shared_head_head"},
    {"shared_head.norm", "nextn.shared_head_norm"},
    // LFM2
    {"operator_norm", "attn_norm"},
    {"ffn_norm", "ffn_norm"},
    {"self_attn.q_layernorm", "attn_q_norm"},
    {"self_attn.k_layernorm", "attn_k_norm"},
    {"self_attn.out_proj", "attn_output"},
    {"conv.in_proj", "shortconv.in_proj"},
    {"conv.out_proj", "shortconv.out_proj"},
    {"conv.conv", "shortconv.conv"},
    {"feed_forward.w1", "ffn_gate"},
    {"feed_forward.w2", "ffn_down"},
    {"feed_forward.w3", "ffn_up"},
};

constexpr Pair in_expert[] = {
    {"gate_proj", "ffn_gate_exps"}, {"up_proj", "ffn_up_exps"}, {"down_proj", "ffn_down_exps"},
    {"w1", "ffn_gate_exps"},        {"w3", "ffn_up_exps"},      {"w2", "ffn_down_exps"},
};

template <std::size_t N>
std::string_view look_up(const Pair (&pairs)[N], std::string_view name) {
    const auto* found = std::find_if(std::begin(pairs), std::end(pairs),
                                     [&](const Pair& pair) { return pair.first == name; });
    return found == std::end(pairs) ? std::string_view{} : found->second;
}

/// Takes "12." off the front; -1: there is none.
std::int64_t take_index(std::string_view& text) {
    std::int64_t index = -1;
    const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (trouble != std::errc() || end == text.data() + text.size() || *end != '.' || index < 0 ||
        index > 99999)
        return -1;
    text.remove_prefix(static_cast<std::size_t>(end + 1 - text.data()));
    return index;
}

}  // namespace

std::optional<ModuleName> module_name(std::string_view module, const TensorRules& rules) {
    ModuleName name;
    if (const std::string_view known = look_up(outside, module); !known.empty()) {
        name.stem = known;
        name.rest = known;
        return name;
    }
    constexpr std::string_view layers = "model.layers.";
    if (!module.starts_with(layers)) return std::nullopt;
    module.remove_prefix(layers.size());
    name.layer = take_index(module);
    if (name.layer < 0) return std::nullopt;
    if (module == "post_attention_layernorm") {
        name.rest = rules.norm_after_attention ? "post_attention_norm" : "ffn_norm";
    } else {
        name.rest = look_up(in_layer, module);
        for (const std::string_view experts : {"mlp.experts.", "block_sparse_moe.experts."})
            if (module.starts_with(experts)) {
                std::string_view rest = module.substr(experts.size());
                name.expert = take_index(rest);
                if (name.expert >= 0) name.rest = look_up(in_expert, rest);
            }
    }
    if (name.rest.empty()) return std::nullopt;
    name.stem = "blk." + std::to_string(name.layer) + "." + std::string(name.rest);
    return name;
}

std::string_view language_part(std::string_view name, std::string& storage) {
    for (const std::string_view other : {"vision_tower.", "model.vision_tower.", "multi_modal_projector.",
                                         "model.multi_modal_projector.", "visual.", "model.visual."})
        if (name.starts_with(other)) return {};
    for (const auto& [before, plain] :
         {Pair{"language_model.model.", "model."}, Pair{"model.language_model.", "model."},
          Pair{"language_model.lm_head", "lm_head"}})
        if (name.starts_with(before)) {
            storage = std::string(plain) + std::string(name.substr(before.size()));
            return storage;
        }
    return name;
}

}  // namespace pellucid
