// Our own format: {"format": "pellucid-conversations", "version": 1, "conversations": [...]}.
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

#include "app/exchange/archive_format.h"
#include "app/exchange/export_numbers.h"

namespace pellucid::app {

namespace {

const QString kFormat = QStringLiteral("pellucid-conversations");
constexpr int kVersion = 1;

QString roleName(MessageRole role) {
    switch (role) {
        case MessageRole::System:
            return QStringLiteral("system");
        case MessageRole::User:
            return QStringLiteral("user");
        case MessageRole::Assistant:
            break;
    }
    return QStringLiteral("assistant");
}

const QStringList& stateNames() {
    static const QStringList names = {QStringLiteral("complete"),    QStringLiteral("streaming"),
                                      QStringLiteral("stopped"),     QStringLiteral("cut off"),
                                      QStringLiteral("interrupted"), QStringLiteral("failed")};
    return names;
}

QString timeText(qint64 ms) {
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}
qint64 timeOf(const QJsonValue& value) {
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

QJsonObject toObject(const Message& message) {
    QJsonObject object{{QStringLiteral("id"), message.id},
                       {QStringLiteral("role"), roleName(message.role)},
                       {QStringLiteral("created"), timeText(message.createdMs)},
                       {QStringLiteral("text"), message.text.toString()}};
    if (!message.parentId.isEmpty()) object[QStringLiteral("parent")] = message.parentId;
    if (message.hasThought) object[QStringLiteral("thought")] = message.thought.toString();
    if (message.role != MessageRole::Assistant) return object;
    object[QStringLiteral("state")] = stateNames().value(static_cast<int>(message.state));
    if (message.answeredEarly) object[QStringLiteral("answered_early")] = true;
    if (!message.errorWhat.isEmpty()) object[QStringLiteral("error")] = message.errorWhat;
    if (!message.modelName.isEmpty()) object[QStringLiteral("model")] = message.modelName;
    if (!message.receipt.isEmpty()) object[QStringLiteral("receipt")] = message.receipt;
    const MessageStats& stats = message.stats;
    object[QStringLiteral("statistics")] =
        QJsonObject{{QStringLiteral("prompt_tokens"), stats.promptTokens},
                    {QStringLiteral("cached_tokens"), stats.cachedTokens},
                    {QStringLiteral("thought_tokens"), stats.thoughtTokens},
                    {QStringLiteral("answer_tokens"), stats.answerTokens},
                    {QStringLiteral("prompt_seconds"), stats.promptSeconds},
                    {QStringLiteral("generate_seconds"), stats.generateSeconds},
                    {QStringLiteral("thought_seconds"), stats.thoughtSeconds},
                    {QStringLiteral("drafted_tokens"), stats.guessedTokens},
                    {QStringLiteral("accepted_tokens"), stats.rightTokens}};
    return object;
}

Message toMessage(const QJsonObject& object) {
    Message message;
    message.id = object[QStringLiteral("id")].toString();
    message.parentId = object[QStringLiteral("parent")].toString();
    const QString role = object[QStringLiteral("role")].toString();
    message.role = role == QLatin1String("user")     ? MessageRole::User
                   : role == QLatin1String("system") ? MessageRole::System
                                                     : MessageRole::Assistant;
    message.createdMs = timeOf(object[QStringLiteral("created")]);
    message.text = object[QStringLiteral("text")].toString();
    message.hasThought = object.contains(QStringLiteral("thought"));
    message.thought = object[QStringLiteral("thought")].toString();
    const auto state = stateNames().indexOf(object[QStringLiteral("state")].toString());
    message.state = state < 0 ? MessageState::Complete : static_cast<MessageState>(state);
    if (message.state == MessageState::Streaming) message.state = MessageState::Interrupted;
    message.answeredEarly = object[QStringLiteral("answered_early")].toBool();
    message.errorWhat = object[QStringLiteral("error")].toString();
    message.modelName = object[QStringLiteral("model")].toString();
    message.receipt = object[QStringLiteral("receipt")].toObject();
    const QJsonObject stats = object[QStringLiteral("statistics")].toObject();
    message.stats = {tokenCount(stats[QStringLiteral("prompt_tokens")]),
                     tokenCount(stats[QStringLiteral("cached_tokens")]),
                     tokenCount(stats[QStringLiteral("thought_tokens")]),
                     tokenCount(stats[QStringLiteral("answer_tokens")]),
                     stats[QStringLiteral("prompt_seconds")].toDouble(),
                     stats[QStringLiteral("generate_seconds")].toDouble(),
                     stats[QStringLiteral("thought_seconds")].toDouble(),
                     tokenCount(stats[QStringLiteral("drafted_tokens")]),
                     tokenCount(stats[QStringLiteral("accepted_tokens")])};
    message.thoughtClosed =
        !message.hasThought || !message.text.isEmpty() || message.state == MessageState::Complete;
    return message;
}

}  // namespace

QByteArray toJson(const std::vector<StoredConversation>& conversations) {
    QJsonArray list;
    for (const StoredConversation& conversation : conversations) {
        QJsonArray messages;
        for (const Message& message : conversation.messages) messages.append(toObject(message));
        QJsonObject object{{QStringLiteral("title"), conversation.summary.title},
                           {QStringLiteral("updated"), timeText(conversation.summary.updatedMs)},
                           {QStringLiteral("messages"), messages},
                           {QStringLiteral("shown"), QJsonArray::fromStringList(conversation.shownIds)}};
        if (conversation.summary.titleGiven) object[QStringLiteral("title_given")] = true;
        if (conversation.summary.pinned) object[QStringLiteral("pinned")] = true;
        if (!conversation.summary.folder.isEmpty())
            object[QStringLiteral("folder")] = conversation.summary.folder;
        list.append(object);
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("format"), kFormat},
                                     {QStringLiteral("version"), kVersion},
                                     {QStringLiteral("conversations"), list}})
        .toJson(QJsonDocument::Indented);
}

Result<std::vector<StoredConversation>> readPellucid(const QJsonDocument& document) {
    const QJsonObject root = document.object();
    if (root[QStringLiteral("version")].toInt() > kVersion)
        return fail(ErrorCode::unsupported, "This file was written by a newer version of Pellucid.",
                    "Update Pellucid, then import it again.");
    std::vector<StoredConversation> conversations;
    for (const QJsonValue& value : root[QStringLiteral("conversations")].toArray()) {
        const QJsonObject object = value.toObject();
        StoredConversation conversation;
        conversation.summary.title = object[QStringLiteral("title")].toString();
        conversation.summary.titleGiven = object[QStringLiteral("title_given")].toBool();
        conversation.summary.pinned = object[QStringLiteral("pinned")].toBool();
        conversation.summary.folder = object[QStringLiteral("folder")].toString();
        conversation.summary.updatedMs = timeOf(object[QStringLiteral("updated")]);
        QSet<QString> known;
        for (const QJsonValue& item : object[QStringLiteral("messages")].toArray()) {
            Message message = toMessage(item.toObject());
            const bool orphan = !message.parentId.isEmpty() && !known.contains(message.parentId);
            if (message.id.isEmpty() || known.contains(message.id) || orphan)
                return fail(
                    ErrorCode::corrupt,
                    "Conversation \"" + conversation.summary.title.toStdString() + "\", message " +
                        std::to_string(known.size() + 1) +
                        (orphan ? ": its parent does not come before it." : ": its id is missing or taken."),
                    "The file was changed or is incomplete. Nothing was imported.");
            known.insert(message.id);
            conversation.messages.push_back(std::move(message));
        }
        for (const QJsonValue& id : object[QStringLiteral("shown")].toArray())
            conversation.shownIds.append(id.toString());
        conversations.push_back(std::move(conversation));
    }
    return conversations;
}

}  // namespace pellucid::app
