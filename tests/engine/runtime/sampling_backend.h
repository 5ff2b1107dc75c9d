// A backend whose runners sample: what a device does, by the host's Sampler on another backend's logits.
#pragma once

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>

#include "engine/backend/backend.h"
#include "engine/sampling/sampler.h"

namespace pellucid::test {

/// Tokens sampled by rows of all its runners; broken: they leave no token possible.
struct SamplingCount {
    std::atomic<int> sampled = 0;
    std::atomic<bool> broken = false;
};

class SamplingRunner final : public Runner {
public:
    SamplingRunner(std::unique_ptr<Runner> inner, SamplingCount& count)
        : inner_(std::move(inner)), count_(count) {}
    const RunnerOptions& options() const override { return inner_->options(); }
    bool samples(const SampleSpec&) const override { return true; }
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override {
        asked_ = batch;
        Batch plain = batch;
        plain.samples.clear();
        for (Row& row : plain.rows)
            if (row.output == RowOutput::sample) row.output = RowOutput::logits, row.sample = -1;
        return inner_->submit(plain, cancel);
    }
    Result<StepResult> wait(Ticket ticket) override {
        PELLUCID_TRY(StepResult result, inner_->wait(ticket));
        for (RowResult& row : result.rows) {
            const Row& asked = asked_.rows[static_cast<std::size_t>(row.row)];
            if (asked.output != RowOutput::sample) continue;
            const SampleSpec& spec = asked_.samples[static_cast<std::size_t>(asked.sample)];
            SamplingSpec wanted;
            wanted.temperature = spec.temperature;
            wanted.top_k = spec.top_k;
            wanted.top_p = spec.top_p;
            wanted.min_p = spec.min_p;
            wanted.seed = spec.seed;
            PELLUCID_TRY(const auto sampler, Sampler::make(wanted, nullptr));
            PELLUCID_TRY(row.sampled,
                         sampler->sample(row.values, {}, static_cast<std::uint64_t>(asked.position) + 1));
            if (count_.broken) row.sampled->logprob = std::numeric_limits<float>::quiet_NaN();
            row.values.clear();
            ++count_.sampled;
        }
        return result;
    }

private:
    const std::unique_ptr<Runner> inner_;
    SamplingCount& count_;
    Batch asked_;
};

class SamplingBackend final : public Backend {
public:
    SamplingBackend(std::unique_ptr<Backend> inner, SamplingCount& count)
        : inner_(std::move(inner)), count_(count) {}
    std::string_view name() const override { return "sampling"; }
    std::string description() const override { return inner_->description(); }
    std::uint64_t memory_available() const override { return inner_->memory_available(); }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        return inner_->memory_needed(spec, weights, options);
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        PELLUCID_TRY(auto prepared, inner_->prepare(std::move(spec), std::move(weights), options));
        return std::shared_ptr<PreparedWeights>(std::make_shared<Weights>(std::move(prepared), count_));
    }

private:
    class Weights final : public PreparedWeights {
    public:
        Weights(std::shared_ptr<PreparedWeights> inner, SamplingCount& count)
            : inner_(std::move(inner)), count_(count) {}
        const ModelSpec& spec() const override { return inner_->spec(); }
        std::uint64_t bytes() const override { return inner_->bytes(); }
        Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
            PELLUCID_TRY(auto runner, inner_->make_runner(options));
            return std::unique_ptr<Runner>(std::make_unique<SamplingRunner>(std::move(runner), count_));
        }

    private:
        const std::shared_ptr<PreparedWeights> inner_;
        SamplingCount& count_;
    };
    const std::unique_ptr<Backend> inner_;
    SamplingCount& count_;
};

}  // namespace pellucid::test
