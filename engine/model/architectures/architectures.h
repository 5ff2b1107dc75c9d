// One function per architecture: metadata and tensor names in, ModelSpec out. Each reads like its paper;
// errors are remembered by the reader.
#pragma once

#include "engine/model/spec.h"
#include "engine/model/spec_reader.h"

namespace pellucid {

ModelSpec llama_spec(SpecReader& in);
ModelSpec qwen2_spec(SpecReader& in);
ModelSpec qwen3_spec(SpecReader& in);
ModelSpec phi3_spec(SpecReader& in);
ModelSpec gemma2_spec(SpecReader& in);
ModelSpec gemma3_spec(SpecReader& in);
ModelSpec granite_spec(SpecReader& in);
ModelSpec glm4_spec(SpecReader& in);
ModelSpec smollm3_spec(SpecReader& in);
ModelSpec qwen2moe_spec(SpecReader& in);
ModelSpec qwen3moe_spec(SpecReader& in);
ModelSpec deepseek2_spec(SpecReader& in);
ModelSpec gpt_oss_spec(SpecReader& in);
ModelSpec lfm2_spec(SpecReader& in);

}  // namespace pellucid
