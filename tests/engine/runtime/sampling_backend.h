// A backend whose runners sample: what a device does, by the host's Sampler on another backend's logits.
#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/sampling/sampler.h"

namespace pellucid::test {

/// Tokens sampled by rows of all its runners; broken: they leave no token possible.
struct SamplingCount {
    std::atomic<int> sampled = 0;
    std::atomic<bool> broken = false;
    /// Steps that were given while another was unread, and most that were unread at once.
    std::atomic<int> ahead = 0, most_unread = 0;
    /// The so many-th step from now fails, when it is read; 0: none does.
    std::atomic<int> fails_in = 0;
};

class SamplingRunner final : public Runner {
public:
    SamplingRunner(std::unique_ptr<Runner> inner, SamplingCount& count)
        : inner_(std::move(inner)), count_(count) {}
    const RunnerOptions& options() const override { return inner_->options(); }
    bool samples(const SampleSpec&) const override { return true; }
    bool runs_ahead() const override { return true; }
    /// The whole step at once, as the host's runners do: the ids of its rows are there for the next.
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override {
        Batch plain = batch;
        plain.samples.clear();
        for (Row& row : plain.rows) {
            if (row.output == RowOutput::sample) row.output = RowOutput::logits, row.sample = -1;
            if (const auto* by = std::get_if<SampledBy>(&row.input))
                row.input = previous_.at(static_cast<std::size_t>(by->row)).value();
        }
        PELLUCID_TRY(const Ticket ticket, inner_->submit(plain, cancel));
        if (!unread_.empty()) ++count_.ahead;
        auto result = sampled(batch, inner_->wait(ticket));
        previous_.assign(batch.rows.size(), std::nullopt);
        if (result)
            for (const RowResult& row : result->rows)
                if (row.sampled) previous_[static_cast<std::size_t>(row.row)] = row.sampled->id;
        if (count_.fails_in > 0 && --count_.fails_in == 0)
            result = fail(ErrorCode::out_of_memory, "the card is full", "close other programs");
        unread_.emplace(ticket, std::move(result));
        count_.most_unread = std::max(count_.most_unread.load(), static_cast<int>(unread_.size()));
        return ticket;
    }
    Result<StepResult> wait(Ticket ticket) override {
        auto found = unread_.extract(ticket);
        if (found.empty()) return fail(ErrorCode::invalid_argument, "read twice");
        return std::move(found.mapped());
    }

private:
    Result<StepResult> sampled(const Batch& batch, Result<StepResult> result) {
        if (!result) return result;
        for (RowResult& row : result->rows) {
            const Row& asked = batch.rows[static_cast<std::size_t>(row.row)];
            if (asked.output != RowOutput::sample) continue;
            const SampleSpec& spec = batch.samples[static_cast<std::size_t>(asked.sample)];
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

    const std::unique_ptr<Runner> inner_;
    SamplingCount& count_;
    std::vector<std::optional<TokenId>> previous_;
    std::map<Ticket, Result<StepResult>> unread_;
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
