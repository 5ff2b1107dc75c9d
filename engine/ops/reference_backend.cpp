#include "engine/ops/reference_backend.h"

#include <new>

#include "engine/backend/kv_cost.h"
#include "engine/base/host_memory.h"
#include "engine/ops/reference_runner.h"
#include "engine/ops/reference_weights.h"

namespace pellucid {
namespace {

/// Float32 whatever the format: the format only rounds.
std::uint64_t kv_bytes(const ModelSpec& spec, const RunnerOptions& options) {
    return static_cast<std::uint64_t>(options.pages) * static_cast<std::uint64_t>(options.page_tokens) *
           static_cast<std::uint64_t>(kv_values_per_token(spec)) * sizeof(float);
}

std::uint64_t decoded_bytes(const ModelSpec& spec) {
    return static_cast<std::uint64_t>(parameter_count(spec)) * sizeof(float);
}

class ReferencePrepared final : public PreparedWeights {
public:
    ReferencePrepared(std::shared_ptr<const ReferenceModel> model, std::shared_ptr<ThreadPool> pool)
        : model_(std::move(model)), pool_(std::move(pool)) {}

    const ModelSpec& spec() const override { return *model_->spec; }
    std::uint64_t bytes() const override { return model_->bytes; }

    Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
        if (options.page_tokens < 1 || options.pages < 1 || options.max_batch_rows < 1 ||
            options.max_sequences < 1)
            return fail(ErrorCode::invalid_argument, "a runner needs at least one page, row and sequence",
                        "this is a fault of the caller");
        try {
            return std::unique_ptr<Runner>(std::make_unique<ReferenceRunner>(model_, pool_, options));
        } catch (const std::bad_alloc&) {
            return fail(
                ErrorCode::out_of_memory,
                "no memory for a KV cache of " + std::to_string(kv_bytes(*model_->spec, options)) + " bytes",
                "choose a shorter context");
        }
    }

private:
    std::shared_ptr<const ReferenceModel> model_;
    std::shared_ptr<ThreadPool> pool_;
};

class ReferenceBackend final : public Backend {
public:
    explicit ReferenceBackend(std::shared_ptr<ThreadPool> pool) : pool_(std::move(pool)) {}

    std::string_view name() const override { return "reference"; }
    std::string description() const override {
        return "scalar, float32 weights, " + std::to_string(pool_->size()) +
               (pool_->size() == 1 ? " thread" : " threads");
    }
    std::uint64_t memory_available() const override { return host_memory().available; }

    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        DeviceMemory memory;
        for (const TensorNeed& need : tensor_needs(spec))
            if (const TensorView* tensor = weights.find(need.name)) memory.weights += stored_bytes(*tensor);
        if (keeps_decoded(spec)) memory.weights += decoded_bytes(spec);
        memory.kv = kv_bytes(spec, options);
        // Residual, normed input, the widest inner vector twice, and the logits of as many rows.
        memory.scratch =
            static_cast<std::uint64_t>(options.max_batch_rows) * sizeof(float) *
                static_cast<std::uint64_t>(2 * spec.n_embd + 2 * widest_activation(spec) + spec.vocabulary) +
            kv_bases_bytes(spec, options.kv_format);
        return memory;
    }

    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        const bool keep =
            static_cast<std::uint64_t>(parameter_count(*spec)) * sizeof(float) <= memory_available() / 2;
        try {
            PELLUCID_TRY(ReferenceModel model,
                         load_reference_model(std::move(spec), std::move(weights), keep, options));
            return std::shared_ptr<PreparedWeights>(std::make_shared<ReferencePrepared>(
                std::make_shared<const ReferenceModel>(std::move(model)), pool_));
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::out_of_memory, "no memory to hold the weights as float32",
                        "close other programs or choose a smaller model");
        }
    }

private:
    bool keeps_decoded(const ModelSpec& spec) const { return decoded_bytes(spec) <= memory_available() / 2; }

    std::shared_ptr<ThreadPool> pool_;
};

}  // namespace

std::unique_ptr<Backend> make_reference_backend(std::shared_ptr<ThreadPool> pool) {
    return std::make_unique<ReferenceBackend>(std::move(pool));
}

}  // namespace pellucid
