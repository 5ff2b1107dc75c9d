// A conversation's place in a LocalModel, and its running reply.
#pragma once

#include <memory>
#include <mutex>

#include "engine/runtime/generation.h"
#include "engine/runtime/local_model.h"
#include "engine/runtime/scheduler.h"

namespace pellucid {

/// The cache is the model's, shared by all its sessions: what any of them has run, the others need not run
/// again.
class LocalSession final : public Session {
public:
    explicit LocalSession(std::shared_ptr<LocalModel> model) : model_(std::move(model)) {}

    Result<Ledger> plan(const Request& request) override;
    Result<std::shared_ptr<Reply>> generate(const Request& request) override;
    const Capabilities& capabilities() const override { return model_->capabilities(); }

private:
    Result<Prompt> prompt_of(const Request& request, const AdapterSet& adapters);

    const std::shared_ptr<LocalModel> model_;
    std::mutex mutex_;
    std::weak_ptr<ReplyQueue> running_;
};

}  // namespace pellucid
