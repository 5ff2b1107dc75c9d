// One function per family of config.json files, beside what all have in common.
#pragma once

#include "engine/model/folder/config.h"
#include "engine/model/folder/config_reader.h"

namespace pellucid {

void llama_config(ConfigReader& in, TensorRules& rules);
void qwen_config(ConfigReader& in, TensorRules& rules);
void phi3_config(ConfigReader& in, TensorRules& rules);
void gemma2_config(ConfigReader& in, TensorRules& rules);
void gemma3_config(ConfigReader& in, TensorRules& rules);
void granite_config(ConfigReader& in, TensorRules& rules);
void glm4_config(ConfigReader& in, TensorRules& rules);
void smollm3_config(ConfigReader& in, TensorRules& rules);
void deepseek_config(ConfigReader& in, TensorRules& rules);
void gpt_oss_config(ConfigReader& in, TensorRules& rules);
void lfm2_config(ConfigReader& in, TensorRules& rules);

/// The rope of a config: rope_parameters (transformers 5) or rope_theta and rope_scaling. `section` names an
/// object inside rope_parameters (Gemma 3), or is empty.
void read_rope(ConfigReader& in, TensorRules& rules, std::string_view section = {});

}  // namespace pellucid
