#include "app/chat/reply_launch.h"

#include "app/chat/context_budget.h"

namespace pellucid::app {

Launch launchReply(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                   const PromptPlan& plan) {
    Launch launch;
    launch.session = std::move(session);
    if (!launch.session) {
        auto made = model->new_session();
        if (!made) {
            launch.reply = made.failure();
            return launch;
        }
        launch.session = std::move(*made);
    }
    auto ledger = launch.session->plan(plan.request);
    if (!ledger) {
        launch.reply = ledger.failure();
        return launch;
    }
    launch.ledger = std::move(*ledger);
    if (launch.ledger.reply_room < wantedReplyRoom(launch.ledger.context_length)) {
        launch.reply = fail(ErrorCode::context_overflow, "");
        return launch;
    }
    launch.reply = launch.session->generate(plan.request);
    return launch;
}

PromptCount countPrompt(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                        const PromptPlan& plan) {
    PromptCount count{std::move(session), {}};
    if (!count.session)
        if (auto made = model->new_session()) count.session = std::move(*made);
    if (count.session)
        if (auto ledger = count.session->plan(plan.request)) count.ledger = std::move(*ledger);
    return count;
}

QJsonObject receiptOf(const QString& modelName, const ModelInfo& info, const SamplingSpec& sampling) {
    return QJsonObject{
        {QStringLiteral("model"), modelName},
        {QStringLiteral("digest"), QString::fromStdString(info.digest)},
        {QStringLiteral("quantization"), QString::fromStdString(info.quantization)},
        {QStringLiteral("device"), QString::fromStdString(info.device)},
        {QStringLiteral("seed"), QString::number(sampling.seed)},
        {QStringLiteral("sampling"),
         QJsonObject{{QStringLiteral("temperature"), static_cast<double>(sampling.temperature)},
                     {QStringLiteral("top_k"), sampling.top_k},
                     {QStringLiteral("top_p"), static_cast<double>(sampling.top_p)},
                     {QStringLiteral("min_p"), static_cast<double>(sampling.min_p)},
                     {QStringLiteral("typical_p"), static_cast<double>(sampling.typical_p)},
                     {QStringLiteral("repetition_penalty"), static_cast<double>(sampling.repetition_penalty)},
                     {QStringLiteral("presence_penalty"), static_cast<double>(sampling.presence_penalty)},
                     {QStringLiteral("frequency_penalty"), static_cast<double>(sampling.frequency_penalty)},
                     {QStringLiteral("penalty_window"), sampling.penalty_window},
                     {QStringLiteral("dry_multiplier"), static_cast<double>(sampling.dry_multiplier)}}}};
}

}  // namespace pellucid::app
