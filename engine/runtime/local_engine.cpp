#include "engine/runtime/local_engine.h"

#include <algorithm>

#include "engine/memory/memory_plan.h"
#include "engine/model/fine_source.h"
#include "engine/placement/placed_backend.h"
#include "engine/runtime/calibrate_kv.h"
#include "engine/runtime/open_draft.h"
#include "engine/runtime/plan_model.h"

namespace pellucid {

namespace {

bool guesses_by_weights(const ModelOptions& options) {
    return options.speculation.kind == SpeculationSettings::Kind::draft ||
           options.speculation.kind == SpeculationSettings::Kind::mtp;
}

/// The model alone fits: what guesses by weights take must fit beside it.
Result<void> check_fits_beside(const MemoryPlan& all, const DeviceMemory& draft) {
    if (all.fits()) return {};
    return fail(ErrorCode::out_of_memory,
                "speculation needs " + bytes_text(draft.total()) + " beside the model, together " +
                    bytes_text(all.total()) + "; " + bytes_text(all.available) + " is free",
                "leave speculation off, use --speculate lookup, or choose a shorter context");
}

SamplingSpec recommended_sampling(const Metadata& metadata) {
    SamplingSpec spec;
    const auto take = [&](const char* key, float& value) {
        if (const auto number = metadata.number_or(key, value)) value = static_cast<float>(*number);
    };
    take("general.sampling.temp", spec.temperature);
    take("general.sampling.top_p", spec.top_p);
    take("general.sampling.min_p", spec.min_p);
    if (const auto k = metadata.integer_or("general.sampling.top_k", spec.top_k))
        spec.top_k = static_cast<int>(*k);
    return check(spec) ? spec : SamplingSpec();
}

ModelInfo info_of(const ModelFile& file, const std::string& path) {
    ModelInfo info;
    info.path = path;
    info.name = file.facts.name;
    info.architecture = file.facts.architecture;
    info.quantization = file.facts.quantization;
    info.parameters = info.active_parameters = static_cast<std::uint64_t>(file.facts.parameters);
    info.file_bytes = file.facts.file_bytes;
    info.trained_context = file.spec->trained_context;
    info.layers = file.spec->n_layers();
    info.vocabulary = file.spec->vocabulary;
    info.digest = file.facts.digest;
    info.recommended_sampling = recommended_sampling(*file.metadata);
    info.notices = file.notices;
    return info;
}

}  // namespace

LocalEngine::LocalEngine(std::vector<DeviceFactory> devices) : devices_(std::move(devices)) {}

Result<std::shared_ptr<Backend>> LocalEngine::backend(const std::string& device, int threads) {
    const auto factory = std::find_if(devices_.begin(), devices_.end(),
                                      [&](const DeviceFactory& f) { return f.id == device; });
    if (factory == devices_.end()) {
        std::string known;
        for (const auto& other : devices_) known += (known.empty() ? "" : ", ") + other.id;
        return fail(ErrorCode::unsupported, "there is no device \"" + device + "\" here",
                    "choose one of: " + known);
    }
    std::lock_guard lock(mutex_);
    auto& kept = backends_[{device, threads}];
    if (auto alive = kept.lock()) return alive;
    PELLUCID_TRY(auto made, factory->make(threads));
    std::shared_ptr<Backend> shared = std::move(made);
    kept = shared;
    return shared;
}

std::vector<std::string> LocalEngine::device_ids() const {
    std::vector<std::string> ids;
    for (const DeviceFactory& device : devices_) ids.push_back(device.id);
    return ids;
}

BackendOf LocalEngine::backends(int threads) {
    return [this, threads](const std::string& device) { return backend(device, threads); };
}

/// A device that failed although the plan fitted: the hint names what would run instead.
Failure LocalEngine::with_way_out(Error error, const ModelFile& file, const ModelOptions& options) {
    if (error.code != ErrorCode::out_of_memory && error.code != ErrorCode::device_lost)
        return fail(std::move(error));
    // Of a placed model the error begins with the device; of another it is options.device.
    std::vector<std::string> failed;
    for (const DeviceFactory& device : devices_)
        if (error.what.starts_with(device.id + ": ")) failed.push_back(device.id);
    if (failed.empty()) failed.push_back(options.device);
    const auto offers = offer_placements(file, options, device_ids(), backends(options.threads), failed);
    if (!offers.empty())
        error.hint = "it would run with --device " + offers.front().device + " --placement " +
                     offers.front().placement;
    return fail(std::move(error));
}

Result<std::vector<PlacementOffer>> LocalEngine::offers(const std::string& path, const ModelOptions& options,
                                                        std::span<const std::string> without) {
    PELLUCID_TRY(ModelFile file, open_model_file(path, GgufRead::header_only));
    if (options.fine) file.weights = make_fine(std::move(file.weights));
    return offer_placements(file, options, device_ids(), backends(options.threads), without);
}

Result<MemoryPlan> LocalEngine::plan(const std::string& path, const ModelOptions& options) {
    PELLUCID_TRY(ModelFile file, open_model_file(path, GgufRead::header_only));
    if (options.fine) file.weights = make_fine(std::move(file.weights));
    PELLUCID_TRY(const PlacedModel placed,
                 place_model(file, options, device_ids(), backends(options.threads)));
    PELLUCID_TRY(RunnerPlan plan, plan_model(file, *placed.backend, options));
    if (guesses_by_weights(options)) {
        const ModelText text = read_model_text(*file.metadata);
        PELLUCID_TRY(const DraftPlan draft,
                     plan_draft(options.speculation, file, text.tokenizer.get(), plan.options,
                                *placed.head_backend, GgufRead::header_only));
        plan.memory.add(draft.memory, placed.head_device);
    }
    return plan.memory;
}

Result<std::vector<TurnTime>> LocalEngine::measure_turns(const std::string& path, const ModelOptions& options,
                                                         const CancelToken& cancel) {
    PELLUCID_TRY(ModelFile file, open_model_file(path, GgufRead::header_only));
    if (options.fine) file.weights = make_fine(std::move(file.weights));
    const auto format = find_kv_format(options.kv_format);
    PELLUCID_TRY(const PlacedModel placed,
                 place_model(file, options, device_ids(), backends(options.threads)));
    auto backend = std::dynamic_pointer_cast<PlacedBackend>(placed.backend);
    if (!backend) {
        PELLUCID_TRY(backend, PlacedBackend::make({{placed.head_device, placed.backend}},
                                                  whole_on(*file.spec, placed.head_device)));
    }
    return pellucid::measure_turns(*backend, *file.spec, file.weights, format.value_or(KvFormat::f16),
                                   cancel);
}

Result<ModelInfo> LocalEngine::inspect(const std::string& path) {
    PELLUCID_TRY(const ModelFile file, open_model_file(path, GgufRead::header_only));
    return info_of(file, path);
}

Result<std::shared_ptr<Model>> LocalEngine::open(const std::string& path, const ModelOptions& options,
                                                 LoadProgress progress, CancelToken cancel) {
    PELLUCID_TRY(auto model, open_local(path, options, std::move(progress), std::move(cancel)));
    return std::shared_ptr<Model>(std::move(model));
}

Result<std::shared_ptr<LocalModel>> LocalEngine::open_local(const std::string& path,
                                                            const ModelOptions& options,
                                                            LoadProgress progress, CancelToken cancel) {
    const auto report = [&](double fraction, const std::string& what) {
        if (progress) progress(fraction, what);
    };
    report(0, "Reading header");
    LocalModel::Parts parts;
    PELLUCID_TRY(parts.file, open_model_file(path));
    if (options.fine) parts.file.weights = make_fine(std::move(parts.file.weights));
    PELLUCID_TRY(const PlacedModel placed,
                 place_model(parts.file, options, device_ids(), backends(options.threads)));
    parts.backend = placed.backend;
    PELLUCID_TRY(RunnerPlan plan, plan_model(parts.file, *parts.backend, options));
    PELLUCID_CHECK(check_fits(plan, *parts.backend, *parts.file.spec, *parts.file.weights));
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
    report(0.02, "Reading tokenizer");
    parts.text = read_model_text(*parts.file.metadata);
    PELLUCID_CHECK(check_vocabulary_fits(parts.text, *parts.file.spec, path));
    PrepareOptions prepare;
    prepare.cancel = cancel;
    if (guesses_by_weights(options)) {
        PELLUCID_TRY(const DraftPlan draft,
                     plan_draft(options.speculation, parts.file, parts.text.tokenizer.get(), plan.options,
                                *placed.head_backend, GgufRead::whole));
        plan.memory.add(draft.memory, placed.head_device);
        PELLUCID_CHECK(check_fits_beside(plan.memory, draft.memory));
        report(0.05, "Loading what guesses");
        PELLUCID_TRY(parts.draft, open_draft(draft, *placed.head_backend, prepare));
        parts.draft_cost = draft.cost;
    }
    report(0.1, "Loading weights");
    prepare.progress = [&](double fraction) { report(0.1 + 0.9 * fraction, "Loading weights"); };
    auto prepared = parts.backend->prepare(parts.file.spec, parts.file.weights, prepare);
    if (!prepared) return with_way_out(prepared.error(), parts.file, options);
    parts.weights = *std::move(prepared);
    if (kv_layout(plan.options.kv_format).rotated) {
        report(1, "Measuring keys");
        const auto windows = calibration_windows(*parts.file.spec, parts.text.tokenizer.get());
        PELLUCID_TRY(plan.options.kv_bases,
                     calibrate_kv(*parts.file.spec, *parts.weights, plan.options.kv_format,
                                  plan.options.context, windows, cancel));
    }
    auto runner = parts.weights->make_runner(plan.options);
    if (!runner) return with_way_out(runner.error(), parts.file, options);
    parts.runner = *std::move(runner);
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
    parts.options = options;
    parts.options.context_length = plan.options.context;
    parts.options.placement = placed.placement;
    parts.runner_options = plan.options;
    parts.memory = plan.memory;
    parts.info = info_of(parts.file, path);
    const std::size_t devices = plan.memory.devices.size();
    parts.info.device =
        (devices > 1 ? std::to_string(devices) + " devices" : std::string(parts.backend->name())) + ": " +
        parts.backend->description();
    auto model = std::make_shared<LocalModel>(std::move(parts));
    PELLUCID_CHECK(model->adapters());  // those of the options, so that a wrong one is told here
    report(1, "Ready");
    return model;
}

std::vector<Engine::Device> LocalEngine::devices() {
    std::vector<Device> list;
    for (const auto& device : devices_) {
        const HostMemory memory = device.memory ? device.memory() : HostMemory();
        list.push_back({device.id, device.description, memory.total, memory.available});
    }
    return list;
}

}  // namespace pellucid
