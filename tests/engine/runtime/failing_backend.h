// A card that fails on command: another backend with memory of its own, which runs out or stops answering
// when the test says so.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "engine/backend/backend.h"
#include "engine/runtime/devices.h"

namespace pellucid::test {

/// What becomes of the card. Shared by all its weights and runners.
struct CardFate {
    std::atomic<std::uint64_t> memory = 1ull << 40;  ///< it says it has free
    std::atomic<bool> full_at_load = false;          ///< weights do not fit although the plan said so
    std::atomic<bool> full_in_step = false;          ///< the next step fails, once
    std::atomic<bool> lost = false;                  ///< every step fails from now on
    std::atomic<bool> whole_only = false;            ///< takes no parts of models
    std::atomic<int> steps = 0;
    std::atomic<int> hold_behind = 1 << 30;  ///< steps behind so many wait until the test raises it
};

class CardRunner final : public Runner {
public:
    CardRunner(std::unique_ptr<Runner> inner, CardFate& fate) : inner_(std::move(inner)), fate_(fate) {}
    Result<Ticket> submit(const Batch& batch, CancelToken cancel) override {
        const int own = ++fate_.steps;
        for (int ms = 0; own > fate_.hold_behind && ms < 30000; ++ms)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (fate_.lost) return fail(ErrorCode::device_lost, "the card stopped answering", "start again");
        auto ticket = inner_->submit(batch, cancel);
        // Half-way: some pages are written, and nobody is told which.
        if (fate_.full_in_step.exchange(false))
            return fail(ErrorCode::out_of_memory, "the card is full", "close other programs");
        return ticket;
    }
    Result<StepResult> wait(Ticket ticket) override { return inner_->wait(ticket); }
    const RunnerOptions& options() const override { return inner_->options(); }
    Result<AdapterId> load_adapter(std::shared_ptr<const Adapter> adapter) override {
        return inner_->load_adapter(std::move(adapter));
    }
    void unload_adapter(AdapterId id) override { inner_->unload_adapter(id); }

private:
    const std::unique_ptr<Runner> inner_;
    CardFate& fate_;
};

class CardBackend final : public Backend {
public:
    CardBackend(std::unique_ptr<Backend> inner, CardFate& fate) : inner_(std::move(inner)), fate_(fate) {}
    std::string_view name() const override { return "card"; }
    std::string description() const override { return "a card"; }
    std::uint64_t memory_available() const override { return fate_.memory; }
    bool in_host_memory() const override { return false; }
    bool runs_parts() const override { return !fate_.whole_only; }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        return inner_->memory_needed(spec, weights, options);
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                     std::shared_ptr<const WeightSource> weights,
                                                     const PrepareOptions& options) override {
        if (fate_.full_at_load)
            return fail(ErrorCode::out_of_memory, "the card is full", "close other programs");
        PELLUCID_TRY(auto made, inner_->prepare(std::move(spec), std::move(weights), options));
        return std::shared_ptr<PreparedWeights>(std::make_shared<Weights>(std::move(made), fate_));
    }

private:
    class Weights final : public PreparedWeights {
    public:
        Weights(std::shared_ptr<PreparedWeights> inner, CardFate& fate)
            : inner_(std::move(inner)), fate_(fate) {}
        const ModelSpec& spec() const override { return inner_->spec(); }
        std::uint64_t bytes() const override { return inner_->bytes(); }
        Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) override {
            PELLUCID_TRY(auto runner, inner_->make_runner(options));
            return std::unique_ptr<Runner>(std::make_unique<CardRunner>(std::move(runner), fate_));
        }

    private:
        const std::shared_ptr<PreparedWeights> inner_;
        CardFate& fate_;
    };
    const std::unique_ptr<Backend> inner_;
    CardFate& fate_;
};

/// The host's devices, the card (a reference inside) behind them. `fate` outlives what is made of them.
inline std::vector<DeviceFactory> devices_with_card(CardFate& fate) {
    std::vector<DeviceFactory> devices = host_devices();
    devices.push_back({"card",
                       "a card",
                       [&fate, make = devices[1].make](int threads) -> Result<std::unique_ptr<Backend>> {
                           PELLUCID_TRY(auto inner, make(threads));
                           return std::unique_ptr<Backend>(
                               std::make_unique<CardBackend>(std::move(inner), fate));
                       },
                       {}});
    return devices;
}

}  // namespace pellucid::test
