// Where a model's half layers run: data, and what follows from it. Half 2*l is layer l's attention, half
// 2*l+1 its feed-forward. The embedding goes with the first half, the head with the last; keys and values
// live where the attention half runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/part.h"
#include "engine/model/spec.h"

namespace pellucid {

struct Placement {
    struct Part {
        int begin_half = 0, end_half = 0;  ///< [begin, end)
        std::string device;                ///< "cpu", "cuda:0"
        bool operator==(const Part&) const = default;
    };
    /// Routed experts (with their router) of layers that are elsewhere; the shared one stays with its layer
    /// where it splits().
    struct ExpertPart {
        int begin_layer = 0, end_layer = 0;  ///< [begin, end)
        std::string device;
        bool operator==(const ExpertPart&) const = default;
    };
    std::vector<Part> parts;  ///< all halves of the model, in order, without gaps
    std::vector<ExpertPart> experts;
    bool operator==(const Placement&) const = default;
};

/// All of a model on one device.
Placement whole_on(const ModelSpec& spec, const std::string& device);

/// Every device that is named, in the order in which a step meets them.
std::vector<std::string> devices_of(const Placement& placement);

/// The placement in the words of parse_placement(), which gives the same again: "cuda:0:0-15,cpu:16-31";
/// "whole" where one device has all.
std::string to_string(const Placement& placement);

/// For display: what a device has, "layers 0-15", "experts of layers 0-47".
std::string part_text(const Placement& placement, std::string_view device);

/// A device's part of the model.
ModelPart part_on(const Placement& placement, const ModelSpec& spec, std::string_view device);

/// One device's turn in a step, over half layers [begin, end); with begin == end the head alone.
struct Stage {
    int device = 0;  ///< into devices_of()
    int begin = 0, end = 0;
    /// >= 0: this device runs the shared expert of the half while `device` runs the routed ones; both read
    /// the same rows, and what they add is summed.
    int beside = -1;
};
/// A step's turns in order; the last one has the head.
std::vector<Stage> stages_of(const Placement& placement, const ModelSpec& spec);

/// How often a token's hidden state passes from one device to another and back.
int crossings(const std::vector<Stage>& stages);

}  // namespace pellucid
