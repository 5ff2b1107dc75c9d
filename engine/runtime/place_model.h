// Which devices a model's layers go to: as it was asked for, or chosen from what is free.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/model/model_file.h"
#include "engine/runtime/session.h"

namespace pellucid {

/// A model's devices as one backend.
struct PlacedModel {
    std::shared_ptr<Backend> backend;
    std::string placement;  ///< in force: "whole", "cuda:0:16-31,cpu:0-15"
    /// Where the head is, and so what guesses for it.
    std::string head_device;
    std::shared_ptr<Backend> head_backend;
};

/// Gives the backend of a device.
using BackendOf = std::function<Result<std::shared_ptr<Backend>>(const std::string& device)>;

/// By options.placement. "auto": whole on options.device where it fits with a usable context (or with the
/// one asked for); else, where that is a device with memory of its own, what offer_placements() has first;
/// else whole, for check_fits() to refuse. Anything else as parse_placement() reads it. Errors: its errors;
/// unsupported for a device that runs whole models only.
Result<PlacedModel> place_model(const ModelFile& file, const ModelOptions& options,
                                std::span<const std::string> devices, const BackendOf& backend);

/// A way to run a model that fits now.
struct PlacementOffer {
    std::string device, placement;  ///< as ModelOptions takes them
    MemoryPlan memory;
};
/// Those that fit, the fastest first: on options.device and the cpu, whole or with a part of the layers or
/// the routed experts on the cpu, without devices named in `without`. "The fastest" reads least from the
/// host's memory for a token, which is the slowest here.
std::vector<PlacementOffer> offer_placements(const ModelFile& file, const ModelOptions& options,
                                             std::span<const std::string> devices, const BackendOf& backend,
                                             std::span<const std::string> without = {});

}  // namespace pellucid
