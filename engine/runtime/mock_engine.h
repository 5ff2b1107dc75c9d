// A scripted engine behind the Session interface: for UI tests, screenshots and the offline demo.
#pragma once

#include <memory>
#include <string>

#include "engine/runtime/mock_clock.h"
#include "engine/runtime/mock_script.h"

namespace pellucid {

/// Plays a MockScript: the same requests give the same events with the same timing. All of Session's contract
/// holds: ledger with cached prefix, context_overflow, busy, cancel, pause, resume, end_thought, set_budget,
/// max_tokens, stop strings, continue_last, thinking policy. Thread safe.
class MockEngine final : public Engine {
public:
    /// `clock` empty: real time.
    explicit MockEngine(MockScript script, std::shared_ptr<MockClock> clock = {});
    ~MockEngine() override;

    Result<MemoryPlan> plan(const std::string& path, const ModelOptions& options) override;
    Result<ModelInfo> inspect(const std::string& path) override;
    Result<std::shared_ptr<Model>> open(const std::string& path, const ModelOptions& options,
                                        LoadProgress progress = {}, CancelToken cancel = {}) override;
    std::vector<Device> devices() override;

private:
    Result<const MockModelScript*> find(const std::string& path) const;

    const std::shared_ptr<const MockScript> script_;
    const std::shared_ptr<MockClock> clock_;
};

}  // namespace pellucid
