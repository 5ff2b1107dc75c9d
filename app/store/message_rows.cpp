#include "app/store/message_rows.h"

#include <QJsonDocument>

namespace pellucid::app {

namespace {

MessageState fromRow(storage::MessageState state) {
    switch (state) {
        case storage::MessageState::complete:
            return MessageState::Complete;
        case storage::MessageState::streaming:
        case storage::MessageState::interrupted:
            return MessageState::Interrupted;
        case storage::MessageState::stopped:
            return MessageState::Stopped;
        case storage::MessageState::cut_off:
            return MessageState::CutOff;
        case storage::MessageState::failed:
            return MessageState::Failed;
    }
    return MessageState::Complete;
}

MessageRole fromRow(storage::Role role) {
    switch (role) {
        case storage::Role::system:
            return MessageRole::System;
        case storage::Role::user:
            return MessageRole::User;
        case storage::Role::assistant:
        case storage::Role::tool:
            break;
    }
    return MessageRole::Assistant;
}

}  // namespace

storage::MessageState toRow(MessageState state) {
    switch (state) {
        case MessageState::Complete:
            return storage::MessageState::complete;
        case MessageState::Streaming:
            return storage::MessageState::streaming;
        case MessageState::Stopped:
            return storage::MessageState::stopped;
        case MessageState::CutOff:
            return storage::MessageState::cut_off;
        case MessageState::Interrupted:
            return storage::MessageState::interrupted;
        case MessageState::Failed:
            return storage::MessageState::failed;
    }
    return storage::MessageState::complete;
}

ThoughtFold foldOf(const std::string& partName) {
    return partName == "open"     ? ThoughtFold::Open
           : partName == "closed" ? ThoughtFold::Closed
                                  : ThoughtFold::Automatic;
}

std::string foldName(ThoughtFold fold) {
    return fold == ThoughtFold::Open ? "open" : fold == ThoughtFold::Closed ? "closed" : "";
}

std::string errorText(const Message& message) {
    if (message.errorHint.isEmpty()) return message.errorWhat.toStdString();
    return (message.errorWhat + u'\n' + message.errorHint).toStdString();
}

storage::Timings timingsOf(const MessageStats& stats) {
    storage::Timings timings;
    timings.prompt_tokens = stats.promptTokens;
    timings.cached_tokens = stats.cachedTokens;
    timings.thought_tokens = stats.thoughtTokens;
    timings.answer_tokens = stats.answerTokens;
    timings.prompt_seconds = stats.promptSeconds;
    timings.first_token_seconds = stats.promptSeconds;
    timings.generate_seconds = stats.generateSeconds;
    timings.thought_seconds = stats.thoughtSeconds;
    timings.drafted_tokens = stats.guessedTokens;
    timings.accepted_tokens = stats.rightTokens;
    return timings;
}

storage::Timings difference(const storage::Timings& all, const storage::Timings& before) {
    storage::Timings rest = all;
    rest.thought_tokens -= before.thought_tokens;
    rest.answer_tokens -= before.answer_tokens;
    rest.generate_seconds -= before.generate_seconds;
    rest.thought_seconds -= before.thought_seconds;
    rest.drafted_tokens -= before.drafted_tokens;
    rest.accepted_tokens -= before.accepted_tokens;
    return rest;
}

storage::Receipt receiptOf(const Message& message) {
    const QJsonObject& from = message.receipt;
    storage::Receipt receipt;
    receipt.model_name = message.modelName.toStdString();
    receipt.model_digest = from[QStringLiteral("digest")].toString().toStdString();
    receipt.quantization = from[QStringLiteral("quantization")].toString().toStdString();
    receipt.device = from[QStringLiteral("device")].toString().toStdString();
    receipt.seed = from[QStringLiteral("seed")].toString().toULongLong();
    receipt.sampling_json = QJsonDocument(from[QStringLiteral("sampling")].toObject())
                                .toJson(QJsonDocument::Compact)
                                .toStdString();
    receipt.build = PELLUCID_VERSION;
    return receipt;
}

storage::Part sourcesPart(const AnswerSources& sources) {
    storage::Part part;
    part.kind = storage::PartKind::citation;
    part.name = "sources";
    part.data = QJsonDocument(answerSourcesToJson(sources)).toJson(QJsonDocument::Compact).toStdString();
    return part;
}

Message fromRow(const storage::Message& row) {
    Message message;
    message.role = fromRow(row.role);
    message.state = fromRow(row.state);
    message.answeredEarly = row.answered_early;
    message.createdMs = row.created_at;
    for (const storage::Part& part : row.parts) {
        const QString text = QString::fromStdString(part.text);
        if (part.kind == storage::PartKind::thought) {
            message.thought += text;
            message.hasThought = true;
            message.fold = foldOf(part.name);
        } else if (part.kind == storage::PartKind::text || part.kind == storage::PartKind::answer) {
            message.text += text;
        } else if (part.kind == storage::PartKind::citation) {
            const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(part.data));
            if (json.isObject())
                message.sources = std::make_shared<AnswerSources>(answerSourcesFromJson(json.object()));
        }
    }
    message.thoughtClosed =
        !message.hasThought || !message.text.isEmpty() || message.state == MessageState::Complete;
    const QString error = QString::fromStdString(row.error);
    message.errorWhat = error.section(u'\n', 0, 0);
    message.errorHint = error.section(u'\n', 1);
    if (row.timings) {
        const storage::Timings& timings = *row.timings;
        message.stats = {timings.prompt_tokens,   timings.cached_tokens,  timings.thought_tokens,
                         timings.answer_tokens,   timings.prompt_seconds, timings.generate_seconds,
                         timings.thought_seconds, timings.drafted_tokens, timings.accepted_tokens};
    }
    if (row.receipt) {
        message.modelName = QString::fromStdString(row.receipt->model_name);
        message.receipt = QJsonObject{
            {QStringLiteral("model"), message.modelName},
            {QStringLiteral("digest"), QString::fromStdString(row.receipt->model_digest)},
            {QStringLiteral("quantization"), QString::fromStdString(row.receipt->quantization)},
            {QStringLiteral("device"), QString::fromStdString(row.receipt->device)},
            {QStringLiteral("seed"), QString::number(row.receipt->seed)},
            {QStringLiteral("sampling"),
             QJsonDocument::fromJson(QByteArray::fromStdString(row.receipt->sampling_json)).object()}};
    }
    return message;
}

storage::NewMessage toRow(const Message& message) {
    storage::NewMessage row;
    row.state = toRow(message.state);
    row.answered_early = message.answeredEarly;
    row.error = errorText(message);
    row.created_at = message.createdMs;
    switch (message.role) {
        case MessageRole::System:
            row.role = storage::Role::system;
            break;
        case MessageRole::User:
            row.role = storage::Role::user;
            break;
        case MessageRole::Assistant:
            row.role = storage::Role::assistant;
            break;
    }
    if (message.role != MessageRole::Assistant) {
        row.parts.push_back({storage::PartKind::text, message.text.toStdString()});
        return row;
    }
    if (message.hasThought) {
        storage::Part thought{storage::PartKind::thought, message.thought.toStdString(),
                              foldName(message.fold)};
        thought.seconds = message.stats.thoughtSeconds;
        thought.token_count = message.stats.thoughtTokens;
        row.parts.push_back(std::move(thought));
    }
    if (!message.text.isEmpty()) {
        storage::Part answer{storage::PartKind::answer, message.text.toStdString()};
        answer.token_count = message.stats.answerTokens;
        row.parts.push_back(std::move(answer));
    }
    if (message.sources) row.parts.push_back(sourcesPart(*message.sources));
    row.timings = timingsOf(message.stats);
    row.receipt = receiptOf(message);
    return row;
}

}  // namespace pellucid::app
