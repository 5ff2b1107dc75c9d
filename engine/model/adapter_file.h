// Adapters from files that are open already.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/format/gguf_file.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/adapter.h"

namespace pellucid {

/// Errors as open_adapter() gives them.
Result<std::shared_ptr<const Adapter>> read_gguf_adapter(const GgufFile& file, const ModelSpec& spec);
/// `name` stands for the folder in errors.
Result<std::shared_ptr<const Adapter>> read_peft_adapter(std::string_view adapter_config,
                                                         const SafetensorsFile& weights,
                                                         const std::string& name, const ModelSpec& spec);

}  // namespace pellucid
