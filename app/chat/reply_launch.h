// How a reply comes to run: the calls that the engine thread makes for a prompt.
#pragma once

#include <QJsonObject>
#include <memory>
#include <optional>

#include "app/chat/prompt_builder.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

struct Launch {
    std::shared_ptr<Session> session;
    Ledger ledger;
    Result<std::shared_ptr<Reply>> reply = fail(ErrorCode::internal, "not started");
};

/// On the engine thread: a session if there is none, the ledger, and the reply if it fits. context_overflow
/// with a ledger: the prompt was counted and leaves too little room.
Launch launchReply(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                   const PromptPlan& plan);

struct PromptCount {
    std::shared_ptr<Session> session;
    std::optional<Ledger> ledger;  ///< none: the model cannot count it
};

/// On the engine thread: what the prompt would cost; generates nothing.
PromptCount countPrompt(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                        const PromptPlan& plan);

/// What would repeat a reply: model, digest, quantization, device, seed, sampling.
QJsonObject receiptOf(const QString& modelName, const ModelInfo& info, const SamplingSpec& sampling);

}  // namespace pellucid::app
