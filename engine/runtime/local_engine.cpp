#include "engine/runtime/local_engine.h"

#include <algorithm>

#include "engine/memory/memory_plan.h"
#include "engine/model/fine_source.h"
#include "engine/runtime/calibrate_kv.h"
#include "engine/runtime/open_draft.h"
#include "engine/runtime/plan_model.h"

namespace pellucid {

namespace {

bool guesses_by_weights(const ModelOptions& options) {
    return options.speculation.kind == SpeculationSettings::Kind::draft ||
           options.speculation.kind == SpeculationSettings::Kind::mtp;
}

void add_memory(MemoryPlan& plan, const DeviceMemory& more) {
    plan.weights += more.weights;
    plan.kv += more.kv;
    plan.scratch += more.scratch;
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

Result<MemoryPlan> LocalEngine::plan(const std::string& path, const ModelOptions& options) {
    PELLUCID_TRY(ModelFile file, open_model_file(path, GgufRead::header_only));
    if (options.fine) file.weights = make_fine(std::move(file.weights));
    PELLUCID_TRY(const auto device, backend(options.device, options.threads));
    PELLUCID_TRY(RunnerPlan plan, plan_model(file, *device, options));
    if (guesses_by_weights(options)) {
        const ModelText text = read_model_text(*file.metadata);
        PELLUCID_TRY(const DraftPlan draft, plan_draft(options.speculation, file, text.tokenizer.get(),
                                                       plan.options, *device, GgufRead::header_only));
        add_memory(plan.memory, draft.memory);
    }
    return plan.memory;
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
    PELLUCID_TRY(parts.backend, backend(options.device, options.threads));
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
                                *parts.backend, GgufRead::whole));
        add_memory(plan.memory, draft.memory);
        PELLUCID_CHECK(check_fits_beside(plan.memory, draft.memory));
        report(0.05, "Loading what guesses");
        PELLUCID_TRY(parts.draft, open_draft(draft, *parts.backend, prepare));
        parts.draft_cost = draft.cost;
    }
    report(0.1, "Loading weights");
    prepare.progress = [&](double fraction) { report(0.1 + 0.9 * fraction, "Loading weights"); };
    PELLUCID_TRY(parts.weights, parts.backend->prepare(parts.file.spec, parts.file.weights, prepare));
    if (kv_layout(plan.options.kv_format).rotated) {
        report(1, "Measuring keys");
        const auto windows = calibration_windows(*parts.file.spec, parts.text.tokenizer.get());
        PELLUCID_TRY(plan.options.kv_bases,
                     calibrate_kv(*parts.file.spec, *parts.weights, plan.options.kv_format,
                                  plan.options.context, windows, cancel));
    }
    PELLUCID_TRY(parts.runner, parts.weights->make_runner(plan.options));
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
    parts.options = options;
    parts.options.context_length = plan.options.context;
    parts.runner_options = plan.options;
    parts.memory = plan.memory;
    parts.info = info_of(parts.file, path);
    parts.info.device = std::string(parts.backend->name()) + ": " + parts.backend->description();
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
