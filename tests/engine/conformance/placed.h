// A backend that places every model it is given over two devices, cut by a rule.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/cpu/cpu_backend.h"
#include "engine/ops/reference_backend.h"
#include "engine/placement/parse_placement.h"
#include "engine/placement/placed_backend.h"
#include "tests/engine/conformance/backends.h"

namespace pellucid::test {

enum class Cut {
    layers,    ///< the first half of the layers on one, the rest on the other
    middle,    ///< inside a layer, between attention and feed-forward
    halves,    ///< attention on one, feed-forward on the other: as many cuts as there are
    sandwich,  ///< the second device has one layer in the middle: a device's turn comes twice
    experts,   ///< routed experts on the second device
};
inline constexpr std::pair<Cut, const char*> kCuts[] = {{Cut::layers, "layers"},
                                                        {Cut::middle, "middle"},
                                                        {Cut::halves, "halves"},
                                                        {Cut::sandwich, "sandwich"},
                                                        {Cut::experts, "experts"}};

/// As --placement would be given; devices "a" and "b", where what is not named runs on "a".
inline std::string cut_text(Cut cut, int layers) {
    const auto n = [](int layer) { return std::to_string(layer); };
    std::string text;
    switch (cut) {
        case Cut::layers:
            return layers == 1 ? "b:0f" : "b:" + n(layers / 2) + "-";
        case Cut::middle:
            return "b:" + n(layers / 2) + "f-";
        case Cut::halves:
            for (int layer = 0; layer < layers; ++layer) text += (layer ? ",b:" : "b:") + n(layer) + "f";
            return text;
        case Cut::sandwich:
            return layers == 1 ? "b:0a" : "b:" + n(layers / 2 - (layers > 2 ? 0 : 1)) + "f";
        case Cut::experts:
            return "experts=b";
    }
    return text;
}

class CutBackend final : public Backend {
public:
    CutBackend(Cut cut, std::shared_ptr<Backend> a, std::shared_ptr<Backend> b)
        : cut_(cut), a_(std::move(a)), b_(std::move(b)) {}

    std::string_view name() const override { return "placed"; }
    std::string description() const override { return a_->description() + " and " + b_->description(); }
    std::uint64_t memory_available() const override { return a_->memory_available(); }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        return (*placed(spec))->memory_needed(spec, weights, options);
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        PELLUCID_TRY(const auto backend, placed(*spec));
        return backend->prepare(std::move(spec), std::move(weights), options);
    }
    Result<std::shared_ptr<PlacedBackend>> placed(const ModelSpec& spec) const {
        const std::vector<std::string> devices = {"a", "b"};
        PELLUCID_TRY(Placement placement,
                     parse_placement(cut_text(cut_, spec.n_layers()), spec, devices, "a"));
        return PlacedBackend::make({{"a", a_}, {"b", b_}}, std::move(placement));
    }

private:
    const Cut cut_;
    const std::shared_ptr<Backend> a_, b_;
};

/// tested_backends(), and models placed over two of them: what any Runner must do, those must do too.
inline const std::vector<TestedBackend>& tested_runners() {
    static const std::vector<TestedBackend> all = [] {
        std::vector<TestedBackend> list = tested_backends();
        list.push_back(
            {"reference|cpu", 0.05, 1e-4, [](std::shared_ptr<ThreadPool> pool) -> std::unique_ptr<Backend> {
                 return std::make_unique<CutBackend>(Cut::halves, make_reference_backend(pool),
                                                     make_cpu_backend(pool));
             }});
        list.push_back(
            {"cpu|reference", 0.05, 1e-4, [](std::shared_ptr<ThreadPool> pool) -> std::unique_ptr<Backend> {
                 return std::make_unique<CutBackend>(Cut::sandwich, make_cpu_backend(pool),
                                                     make_reference_backend(pool));
             }});
        return list;
    }();
    return all;
}

}  // namespace pellucid::test
