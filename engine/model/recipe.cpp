#include "engine/model/recipe.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/base/ascii.h"

namespace pellucid {
namespace {

using T = TensorType;
using L = Recipe::Layers;

constexpr Recipe plain(std::string_view name, T type, std::int64_t file_type, T output) {
    return {name, type, output, type, type, type, L::all, L::all, file_type};
}

constexpr std::array recipes = {
    plain("F32", T::f32, 0, T::f32),
    plain("F16", T::f16, 1, T::f16),
    plain("BF16", T::bf16, 32, T::bf16),
    plain("Q8_0", T::q8_0, 7, T::q8_0),
    plain("Q6_K", T::q6_k, 18, T::q6_k),
    Recipe{"Q5_K_M", T::q5_k, T::q6_k, T::q6_k, T::q6_k, T::q5_k, L::spread, L::spread, 17},
    plain("Q5_K_S", T::q5_k, 16, T::q6_k),
    plain("Q5_0", T::q5_0, 8, T::q6_k),
    Recipe{"Q4_K_M", T::q4_k, T::q6_k, T::q6_k, T::q6_k, T::q4_k, L::spread, L::spread, 15},
    Recipe{"Q4_K_S", T::q4_k, T::q6_k, T::q5_k, T::q5_k, T::q4_k, L::first_eighth, L::first_eighth, 14},
    plain("Q4_0", T::q4_0, 2, T::q6_k),
    Recipe{"IQ4_NL", T::iq4_nl, T::q6_k, T::q5_k, T::q5_k, T::iq4_nl, L::first_eighth, L::first_eighth, 25},
    Recipe{"IQ4_XS", T::iq4_xs, T::q6_k, T::q5_k, T::q5_k, T::iq4_xs, L::first_eighth, L::first_eighth, 30},
    plain("MXFP4", T::mxfp4, 38, T::q8_0),
    Recipe{"Q3_K_L", T::q3_k, T::q6_k, T::q5_k, T::q5_k, T::q5_k, L::all, L::all, 13},
    Recipe{"Q3_K_M", T::q3_k, T::q6_k, T::q4_k, T::q4_k, T::q4_k, L::all, L::spread, 12},
    plain("Q3_K_S", T::q3_k, 11, T::q6_k),
    Recipe{"Q2_K", T::q2_k, T::q6_k, T::q4_k, T::q3_k, T::q3_k, L::all, L::all, 10},
};

/// The 3 of "blk.3.attn_v.weight"; -1: not of a layer.
int layer_of(std::string_view name) {
    int layer = -1;
    if (name.starts_with("blk.")) std::from_chars(name.data() + 4, name.data() + name.size(), layer);
    return layer;
}

bool chosen(Recipe::Layers which, int layer, int layers) {
    switch (which) {
        case L::all:
            return true;
        case L::first_eighth:
            return layer < std::max(1, layers / 8);
        case L::spread:
            return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }
    return true;
}

/// Matrices whose errors spread, or that are too small to be worth it.
bool is_delicate(std::string_view name) {
    for (const std::string_view part : {"ffn_gate_inp", "shortconv.conv", "_norm.", "attn_sinks", "rope_"})
        if (name.find(part) != std::string_view::npos) return true;
    return !name.ends_with(".weight");
}

T wanted(const Recipe& recipe, std::string_view name, int layers, bool tied_head) {
    if (name == "output.weight" || (tied_head && name == "token_embd.weight")) return recipe.output;
    const int layer = layer_of(name);
    const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    if (has("attn_v.") || has("attn_qkv.") || has("attn_v_b.") || has("attn_kv_b."))
        return chosen(recipe.value_layers, layer, layers) ? recipe.value : recipe.base;
    if (has("ffn_down")) return chosen(recipe.down_layers, layer, layers) ? recipe.down : recipe.base;
    if (has("attn_output.")) return recipe.projection;
    return recipe.base;
}

/// What stands in where rows are no multiple of 256: not fewer bits than asked for.
T of_small_blocks(T type) {
    switch (type) {
        case T::q2_k:
        case T::q3_k:
        case T::iq4_xs:
            return T::iq4_nl;
        case T::q4_k:
            return T::q5_0;
        case T::q5_k:
        case T::q6_k:
            return T::q8_0;
        default:
            return type;
    }
}

}  // namespace

std::vector<std::string_view> recipe_names() {
    std::vector<std::string_view> names;
    for (const Recipe& recipe : recipes) names.push_back(recipe.name);
    return names;
}

std::optional<Recipe> find_recipe(std::string_view name) {
    const auto found =
        std::ranges::find_if(recipes, [&](const Recipe& r) { return same_word(r.name, name); });
    // The bare name means the middle mixture.
    if (found == recipes.end() &&
        (same_word(name, "Q3_K") || same_word(name, "Q4_K") || same_word(name, "Q5_K")))
        return find_recipe(std::string(name) + "_M");
    return found == recipes.end() ? std::nullopt : std::optional(*found);
}

TensorType recipe_type(const Recipe& recipe, const RecipeTensor& tensor, int layers, bool tied_head) {
    if (tensor.shape.size() < 2 || is_delicate(tensor.name)) return tensor.type;
    T type = wanted(recipe, tensor.name, layers, tied_head);
    const std::int64_t columns = tensor.shape.back();
    const auto divides = [&](T t) { return columns % tensor_type_info(t)->block_values == 0; };
    if (!divides(type)) type = of_small_blocks(type);
    return divides(type) ? type : T::f16;
}

}  // namespace pellucid
