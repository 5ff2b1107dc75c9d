// From the names of transformers' modules to those of GGUF files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/folder/config.h"

namespace pellucid {

/// A module of a checkpoint ("model.layers.3.self_attn.q_proj") in GGUF's words.
struct ModuleName {
    std::string stem;          ///< "blk.3.attn_q"; of a tensor: stem.weight, stem.bias
    std::int64_t layer = -1;   ///< -1: of no layer
    std::string_view rest;     ///< "attn_q"
    std::int64_t expert = -1;  ///< of this expert alone; `stem` is that of all
};

/// nullopt: a module of no known decoder.
std::optional<ModuleName> module_name(std::string_view module, const TensorRules& rules);

/// `module` without what models that also see put before it; empty for parts that only see or hear.
std::string_view language_part(std::string_view name, std::string& storage);

}  // namespace pellucid
