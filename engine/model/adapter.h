// A LoRA adapter (Hu et al., arXiv 2106.09685): y = W x + strength * scale * B (A x) for some of a model's
// linear layers, applied while the model runs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/spec.h"

namespace pellucid {

/// What an adapter adds to one linear layer [out, in].
struct AdapterPart {
    int rank = 0, in = 0, out = 0;
    std::vector<float> a;  ///< [rank, in]
    std::vector<float> b;  ///< [out, rank]
    float scale = 1;       ///< alpha / rank, or alpha / sqrt(rank) (rsLoRA)
};

/// Immutable once made.
struct Adapter {
    std::string name;    ///< of the file or folder
    std::string digest;  ///< of every number in it: cached keys and values depend on them
    std::map<std::string, AdapterPart, std::less<>> parts;  ///< by the weight's name in the spec

    std::uint64_t bytes() const;
};

/// What an adapter takes while it is loaded, from its file's header alone.
struct AdapterSize {
    std::uint64_t bytes = 0;               ///< of its matrices in f32
    std::int64_t widest = 0, highest = 0;  ///< outputs of the widest part, and the highest rank
};

/// Errors: those of the file's reader, and of open_adapter() for what is no adapter at all.
Result<AdapterSize> measure_adapter(const std::string& path);

/// Layers that an adapter can change, by the names of their weights: those in the model's layers that are
/// matrices of their own (not embedding, head, stacked experts and the matrices of latent attention's heads).
std::map<std::string, const Linear*, std::less<>> adaptable_linears(const ModelSpec& spec);

/// Opens an adapter for a model: a GGUF file (general.type "adapter") or a PEFT folder (adapter_config.json
/// with adapter_model.safetensors; either file names it too). Errors: those of the file's reader; not_found
/// for a file that is missing; unsupported for other kinds of adapters (DoRA, other PEFT methods, biases,
/// whole modules, pickles), for another architecture and for layers that cannot be adapted, by name; corrupt
/// for shapes that do not fit the model, naming tensor and both shapes.
Result<std::shared_ptr<const Adapter>> open_adapter(const std::string& path, const ModelSpec& spec);

}  // namespace pellucid
