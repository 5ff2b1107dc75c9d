// Which type each tensor of a model gets when it is quantised: the mixtures that people know by name (Q4_K_M
// …), where tensors that hurt most are kept in more bits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/tensor_type.h"

namespace pellucid {

struct Recipe {
    std::string_view name;
    TensorType base;        ///< of what no rule names
    TensorType output;      ///< of the head; of the embedding where the head is tied to it
    TensorType value;       ///< of value projections (and fused qkv), in the layers that `value_layers` names
    TensorType down;        ///< of feed-forward down projections, in the layers that `down_layers` names
    TensorType projection;  ///< of the attention's output projection
    enum class Layers { all, first_eighth, spread };  ///< spread: first and last eighth, every third between
    Layers value_layers = Layers::all, down_layers = Layers::all;
    std::int64_t file_type = 0;  ///< general.file_type
};

/// Names in the order of their sizes, largest first: F16, BF16, Q8_0, Q6_K … Q2_K, MXFP4.
std::vector<std::string_view> recipe_names();
/// By name, whatever its case; nothing: no such recipe.
std::optional<Recipe> find_recipe(std::string_view name);

struct RecipeTensor {
    std::string_view name;
    std::vector<std::int64_t> shape;  ///< contiguous dimension last
    TensorType type;                  ///< as the source has it
};

/// The type of one tensor. Norms, biases, routers, convolutions and other small or delicate tensors keep what
/// they have; a type whose blocks do not divide the rows gives way to one of blocks of 32, and that to F16.
TensorType recipe_type(const Recipe& recipe, const RecipeTensor& tensor, int layers, bool tied_head);

}  // namespace pellucid
