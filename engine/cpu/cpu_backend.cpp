#include "engine/cpu/cpu_backend.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "engine/backend/kv_cost.h"
#include "engine/base/host_memory.h"
#include "engine/cpu/cpu_runner.h"
#include "engine/cpu/weights.h"
#include "engine/model/part.h"

namespace pellucid {

namespace cpu {
namespace {

class CpuPrepared final : public PreparedWeights {
public:
    CpuPrepared(std::shared_ptr<const CpuModel> model, std::shared_ptr<ThreadPool> pool,
                const Kernels& kernels)
        : model_(std::move(model)), pool_(std::move(pool)), kernels_(kernels) {}

    const ModelSpec& spec() const override { return *model_->spec; }
    std::uint64_t bytes() const override { return model_->bytes; }
    Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
        return CpuRunner::make(model_, pool_, kernels_, options);
    }

private:
    std::shared_ptr<const CpuModel> model_;
    std::shared_ptr<ThreadPool> pool_;
    const Kernels& kernels_;
};

class CpuBackend final : public Backend {
public:
    CpuBackend(std::shared_ptr<ThreadPool> pool, Isa isa)
        : pool_(std::move(pool)), kernels_(kernels_for(isa)) {}

    std::string_view name() const override { return "cpu"; }
    std::string description() const override {
        return std::string(to_string(kernels_.isa)) + ", " + std::to_string(pool_->size()) +
               (pool_->size() == 1 ? " thread" : " threads");
    }
    std::uint64_t memory_available() const override { return host_memory().available; }

    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        DeviceMemory memory;
        for (const TensorNeed& need : tensor_needs(spec))
            if (const TensorView* tensor = weights.find(need.name)) {
                memory.weights += Matrix::bytes_needed(*tensor);
                // Norms and biases are also held in single precision.
                if (tensor->shape.size() < 2)
                    memory.weights += static_cast<std::uint64_t>(tensor->columns()) * sizeof(float);
            }
        for (const Layer& layer : spec.layers)  // so are kernels, turned around
            memory.weights += static_cast<std::uint64_t>(layer.convolution.width) *
                              static_cast<std::uint64_t>(layer.convolution.length) * sizeof(float);
        memory.kv = KvCache::bytes_needed(spec, options);
        memory.scratch =
            CpuRunner::scratch_needed(spec, options, pool_->size(), activation_planes(spec, weights)) +
            kv_bases_bytes(spec, options.kv_format);
        return memory;
    }

    /// What runs in a step's target (80 ms) at 300 GFLOP/s a core, which is what prompts were read at
    /// (SmolLM2, Gemma 3, Qwen3: RESULTS.md); 32 rows share each weight well enough on any machine.
    int step_rows(const ModelSpec& spec) const override {
        constexpr double flops_a_core = 300e9, seconds = 0.08;
        const double looked_up = static_cast<double>(spec.vocabulary) * spec.n_embd;  // not multiplied
        const double multiplied =
            std::max(static_cast<double>(active_parameter_count(spec)) - looked_up, 1.0);
        const double wanted = seconds * flops_a_core * pool_->size() / (2 * multiplied);
        int rows = 32;
        while (rows < wanted && rows < 512) rows *= 2;
        return rows;
    }

    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        // Of a part other devices run the rest: their turns are waited for awake where they are short.
        if (!is_whole(*spec)) pool_->set_patience(std::chrono::microseconds(400));
        PELLUCID_TRY(CpuModel model, load_cpu_model(std::move(spec), std::move(weights), *pool_, options));
        return std::shared_ptr<PreparedWeights>(std::make_shared<CpuPrepared>(
            std::make_shared<const CpuModel>(std::move(model)), pool_, kernels_));
    }

private:
    std::shared_ptr<ThreadPool> pool_;
    const Kernels& kernels_;
};

}  // namespace
}  // namespace cpu

std::unique_ptr<Backend> make_cpu_backend(std::shared_ptr<ThreadPool> pool) {
    return make_cpu_backend(std::move(pool), cpu::best_isa(detect_cpu_features()));
}

std::unique_ptr<Backend> make_cpu_backend(std::shared_ptr<ThreadPool> pool, cpu::Isa isa) {
    return std::make_unique<cpu::CpuBackend>(std::move(pool), isa);
}

}  // namespace pellucid
