// The backend named "cuda", and the functions the plug-in exports.
#include <string>

#include "engine/backend/plugin.h"
#include "gpu/cuda/experts.h"
#include "gpu/cuda/memory.h"
#include "gpu/cuda/runner.h"
#include "gpu/cuda/weights.h"

namespace pellucid::cuda {
namespace {

/// What CUDA's modules, its products' workspace and graphs take beside: 72 to 78 MB whatever the model, from
/// a part of 1.2 GB to a model of 22 (H100, tests/bench/RESULTS.md).
constexpr std::uint64_t kOfCuda = 75'000'000;

class CudaPrepared final : public PreparedWeights {
public:
    explicit CudaPrepared(std::shared_ptr<const DeviceModel> model) : model_(std::move(model)) {}
    const ModelSpec& spec() const override { return *model_->spec; }
    std::uint64_t bytes() const override { return model_->bytes; }
    Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
        return CudaRunner::make(model_, options);
    }

private:
    std::shared_ptr<const DeviceModel> model_;
};

/// unsupported names the first layer with a part that no kernel here runs.
Result<void> check_layers(const ModelSpec& spec) {
    if (spec.next_input.present())
        return fail(ErrorCode::unsupported, "the CUDA device does not run multi-token-prediction layers",
                    "leave --speculate mtp out, or choose --device cpu");
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
        const Layer& layer = spec.layers[i];
        const Router& router = layer.experts.router;
        constexpr int kMostColumns = 14000;  // four rows of a router fit into a processor's shared memory
        const char* part = nullptr;
        if (router.experts > kMostExperts || router.used > kMostUsed || router.groups > kMostExpertGroups)
            part = "routes tokens to more experts than 32 of 1024 in 32 groups";
        else if (layer.routed() &&
                 (spec.n_embd > kMostColumns || spec.n_embd % 8 != 0 || layer.experts.width % 8 != 0))
            part = "has experts of a width";
        else if (layer.latent.rank > 1024 || layer.latent.rank % 4 != 0 || layer.latent.rope_dim % 2 != 0)
            part = "has latent attention of a width";
        if (part)
            return fail(ErrorCode::unsupported,
                        "layer " + std::to_string(i) + " " + part + ", which the CUDA device does not run",
                        "choose --device cpu");
    }
    return {};
}

class CudaBackend final : public Backend {
public:
    CudaBackend(int device, std::string description)
        : device_(device), description_(std::move(description)) {}

    std::string_view name() const override { return "cuda"; }
    std::string description() const override { return description_; }
    bool in_host_memory() const override { return false; }
    std::uint64_t memory_available() const override {
        std::size_t free = 0, total = 0;
        if (cudaSetDevice(device_) != cudaSuccess || cudaMemGetInfo(&free, &total) != cudaSuccess) return 0;
        return free;
    }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        return {weight_bytes_needed(spec, weights), CudaRunner::kv_needed(spec, options),
                CudaRunner::scratch_needed(spec, options) + kOfCuda};
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        PELLUCID_CHECK(check_layers(*spec));
        PELLUCID_TRY(auto model, load_device_model(std::move(spec), *weights, device_, options));
        return std::shared_ptr<PreparedWeights>(std::make_shared<CudaPrepared>(std::move(model)));
    }

private:
    int device_;
    std::string description_;
};

Result<std::vector<std::string>> devices() {
    int driver = 0, runtime = 0, count = 0;
    if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0)
        return fail(ErrorCode::unsupported, "no NVIDIA driver is installed",
                    "install NVIDIA's driver, version 580 or newer, or run on --device cpu");
    cudaRuntimeGetVersion(&runtime);
    if (driver / 1000 < runtime / 1000)
        return fail(ErrorCode::unsupported,
                    "the NVIDIA driver is too old: it supports CUDA " + std::to_string(driver / 1000) +
                        ", CUDA " + std::to_string(runtime / 1000) + " is needed",
                    "update the driver to version 580 or newer, or run on --device cpu");
    const cudaError_t status = cudaGetDeviceCount(&count);
    if (status != cudaSuccess || count == 0)
        return fail(ErrorCode::not_found,
                    std::string("no NVIDIA device can be used") +
                        (status != cudaSuccess ? std::string(": ") + cudaGetErrorString(status) : ""),
                    "see that nvidia-smi lists the card, or run on --device cpu");
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) {
        cudaDeviceProp properties{};
        PELLUCID_CHECK(
            checked(cudaGetDeviceProperties(&properties, i), "asking device " + std::to_string(i)));
        all.push_back(std::string(properties.name) + ", compute " + std::to_string(properties.major) + "." +
                      std::to_string(properties.minor) + ", " +
                      std::to_string(properties.totalGlobalMem >> 20) + " MiB");
    }
    return all;
}

Result<std::unique_ptr<Backend>> make(int device) {
    PELLUCID_TRY(const std::vector<std::string> all, devices());
    if (device < 0 || static_cast<std::size_t>(device) >= all.size())
        return fail(
            ErrorCode::not_found,
            "there is no device cuda:" + std::to_string(device) + ", only " + std::to_string(all.size()),
            "choose cuda:0");
    int major = 0;
    PELLUCID_CHECK(checked(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
                           "asking device " + std::to_string(device)));
    if (major < 9)
        return fail(
            ErrorCode::unsupported,
            all[static_cast<std::size_t>(device)] + ": this version needs compute capability 9.0 or newer",
            "run on --device cpu");
    return std::unique_ptr<Backend>(
        std::make_unique<CudaBackend>(device, "CUDA " + all[static_cast<std::size_t>(device)]));
}

}  // namespace
}  // namespace pellucid::cuda

#define PELLUCID_EXPORT extern "C" __attribute__((visibility("default")))

PELLUCID_EXPORT int pellucid_cuda_version() {
    return pellucid::kPluginVersion;
}
PELLUCID_EXPORT void pellucid_cuda_devices(pellucid::Result<std::vector<std::string>>& descriptions) {
    descriptions = pellucid::cuda::devices();
}
PELLUCID_EXPORT void pellucid_cuda_make(int device,
                                        pellucid::Result<std::unique_ptr<pellucid::Backend>>& made) {
    made = pellucid::cuda::make(device);
}
PELLUCID_EXPORT void pellucid_cuda_memory(int device, std::uint64_t& total, std::uint64_t& available) {
    std::size_t free = 0, all = 0;
    if (cudaSetDevice(device) != cudaSuccess || cudaMemGetInfo(&free, &all) != cudaSuccess) {
        cudaGetLastError();
        free = all = 0;
    }
    total = all;
    available = free;
}
PELLUCID_EXPORT double pellucid_cuda_speed(int device) {
    return pellucid::cuda::copy_speed(device);
}
