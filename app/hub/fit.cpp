#include "app/hub/fit.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "engine/backend/kv_cost.h"
#include "engine/backend/token_cost.h"
#include "engine/runtime/plan_model.h"

namespace pellucid::hub {

namespace {

/// A backend whose weights take `ratio` of what they would: another quantisation of the same shapes.
class Scaled final : public Backend {
public:
    Scaled(const Backend& backend, double ratio) : backend_(backend), ratio_(ratio) {}
    std::string_view name() const override { return backend_.name(); }
    std::string description() const override { return backend_.description(); }
    std::uint64_t memory_available() const override { return backend_.memory_available(); }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        DeviceMemory memory = backend_.memory_needed(spec, weights, options);
        memory.weights = static_cast<std::uint64_t>(static_cast<double>(memory.weights) * ratio_);
        return memory;
    }
    bool in_host_memory() const override { return backend_.in_host_memory(); }
    int step_rows(const ModelSpec& spec) const override { return backend_.step_rows(spec); }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec>,
                                                     std::shared_ptr<const WeightSource>,
                                                     const PrepareOptions&) override {
        return fail(ErrorCode::internal, "a plan was to be run", "this is a fault of ours; please report it");
    }

private:
    const Backend& backend_;
    const double ratio_;
};

/// By how much the tensors of another quantisation differ: files less what the header takes.
double weights_ratio(const ModelFile& sibling, std::uint64_t file_bytes) {
    const std::uint64_t weights = sibling.facts.weight_bytes;
    const std::uint64_t header = sibling.facts.file_bytes - std::min(sibling.facts.file_bytes, weights);
    if (weights == 0 || file_bytes <= header) return 1;
    return static_cast<double>(file_bytes - header) / static_cast<double>(weights);
}

void judge(DeviceFit& fit) {
    const auto room = static_cast<std::uint64_t>(comfort * static_cast<double>(fit.memory_total));
    if (fit.memory.fits())
        fit.verdict = fit.memory.available - fit.memory.total() >= room ? Verdict::fits : Verdict::tight;
    else
        fit.verdict = fit.longest_context > 0 ? Verdict::shorter_context : Verdict::too_large;
}

}  // namespace

struct Fit::Device {
    DeviceFactory factory;
    std::mutex mutex;
    std::shared_ptr<Backend> backend;  ///< made at the first plan

    Result<std::shared_ptr<Backend>> get() {
        const std::lock_guard lock(mutex);
        if (!backend) {
            PELLUCID_TRY(auto made, factory.make(0));
            backend = std::move(made);
        }
        return backend;
    }
};

Fit::Fit(std::vector<DeviceFactory> devices, const MemorySpeeds* speeds) : speeds_(speeds) {
    for (DeviceFactory& factory : devices) {
        devices_.push_back(std::make_unique<Device>());
        devices_.back()->factory = std::move(factory);
    }
}

Fit::~Fit() = default;

std::vector<DeviceFit> Fit::on_devices(const ModelFile& model, const FitRequest& request) const {
    return plan(model, std::nullopt, request);
}

std::vector<DeviceFit> Fit::on_devices(const ModelFile& sibling, std::uint64_t file_bytes,
                                       const FitRequest& request) const {
    return plan(sibling, file_bytes, request);
}

std::vector<DeviceFit> Fit::plan(const ModelFile& model, std::optional<std::uint64_t> file_bytes,
                                 const FitRequest& request) const {
    const ModelSpec& spec = *model.spec;
    const double ratio = file_bytes ? weights_ratio(model, *file_bytes) : 1;
    std::vector<DeviceFit> fits;
    for (const auto& device : devices_) {
        DeviceFit fit;
        fit.device = device->factory.id;
        fit.description = device->factory.description;
        if (device->factory.memory) fit.memory_total = device->factory.memory().total;
        fit.trained_context = spec.trained_context;
        fit.context = std::clamp(request.context == 0 ? usual_context : request.context, 1,
                                 std::max(spec.trained_context, 1));
        fit.estimated = file_bytes.has_value();
        const auto refuse = [&](const Error& error) {
            fit.refused = error;
            fits.push_back(std::move(fit));
        };
        const auto backend = device->get();
        if (!backend) {
            refuse(backend.error());
            continue;
        }
        const Scaled scaled(**backend, ratio);
        ModelOptions options;
        options.device = fit.device;
        options.kv_format = std::string(to_string(request.kv_format));
        options.context_length = fit.context;
        const auto asked = plan_model(model, scaled, options);
        if (!asked) {
            refuse(asked.error());
            continue;
        }
        fit.memory = asked->memory;
        options.context_length = 0;
        if (const auto longest = plan_model(model, scaled, options); longest && longest->memory.fits())
            fit.longest_context = longest->options.context;
        judge(fit);
        const double weights = ratio * bytes_per_token(spec, *model.weights, request.kv_format, 0);
        if (const double speed = speeds_ != nullptr ? speeds_->bytes_per_second(fit.device, weights) : 0;
            speed > 0) {
            const double kv = static_cast<double>(kv_bytes_per_token(spec, request.kv_format));
            fit.tokens_per_second = speed / weights;
            fit.tokens_per_second_far = speed / (weights + kv * fit.context);
        }
        fits.push_back(std::move(fit));
    }
    return fits;
}

std::size_t best_device(const std::vector<DeviceFit>& fits) {
    const auto better = [](const DeviceFit& a, const DeviceFit& b) {
        if (a.verdict != b.verdict) return a.verdict < b.verdict;  // their order is that of goodness
        if (a.tokens_per_second != b.tokens_per_second) return a.tokens_per_second > b.tokens_per_second;
        return a.memory_total > b.memory_total;
    };
    return static_cast<std::size_t>(std::min_element(fits.begin(), fits.end(), better) - fits.begin());
}

std::optional<Choice> best_variant(const std::vector<Variant>& variants, const std::vector<DeviceFit>& fits) {
    struct Candidate {
        std::size_t index;
        int quality;
        std::uint64_t bytes;
    };
    std::vector<Candidate> all;
    for (std::size_t i = 0; i < std::min(variants.size(), fits.size()); ++i)
        if (variants[i].complete() && variants[i].bytes() && fits[i].verdict != Verdict::cannot_run)
            // A name that says nothing is worth what its size says: between the known ones, never chosen for
            // its quality.
            all.push_back({i, std::max(quality_of(variants[i].quantization), 0), *variants[i].bytes()});
    if (all.empty()) return std::nullopt;
    const auto readable = [&](std::size_t i) {
        return fits[i].tokens_per_second == 0 || fits[i].tokens_per_second >= readable_speed;
    };
    // Among those whose loss nobody sees the smallest, else the nearest to the original.
    const auto best = [&](auto&& allowed) -> const Candidate* {
        const Candidate* found = nullptr;
        for (const Candidate& one : all) {
            if (!allowed(one.index)) continue;
            const bool fine = one.quality >= visible_quality;
            if (found == nullptr) {
                found = &one;
            } else if (fine && found->quality >= visible_quality) {
                if (one.bytes < found->bytes) found = &one;
            } else if (one.quality > found->quality ||
                       (one.quality == found->quality && one.bytes < found->bytes)) {
                found = &one;
            }
        }
        return found;
    };
    const auto fits_well = [&](std::size_t i) { return fits[i].verdict == Verdict::fits; };
    const auto fits_at_all = [&](std::size_t i) { return fits[i].verdict <= Verdict::tight; };
    const Candidate* nearest = best(fits_well);
    if (const Candidate* fast = best([&](std::size_t i) { return fits_well(i) && readable(i); }))
        return Choice{fast->index, fast == nearest ? Reason::best_quality : Reason::fast_enough};
    // All that fit are slow: the fastest of those that can still be trusted to make sense.
    if (nearest != nullptr) {
        const Candidate* fastest = nearest;
        for (const Candidate& one : all)
            if (fits_well(one.index) && one.quality >= sensible_quality && one.bytes < fastest->bytes)
                fastest = &one;
        return Choice{fastest->index, fastest == nearest ? Reason::best_quality : Reason::fast_enough};
    }
    if (const Candidate* tight = best(fits_at_all)) return Choice{tight->index, Reason::only_tight};
    const auto smallest = std::min_element(
        all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.bytes < b.bytes; });
    return Choice{smallest->index, Reason::smallest};
}

}  // namespace pellucid::hub
